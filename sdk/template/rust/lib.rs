use romp_sdk::{plugin, Verdict, SEND};

// A SEND to /virt/@name@ is answered with "pong".
plugin!("@name@", "1.0.0", |p| {
    p.on_frame(SEND, "/virt/@name@", |f| {
        f.reply("pong");
        Verdict::Handled
    })
});
