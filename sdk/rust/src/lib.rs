// SPDX-License-Identifier: Apache-2.0
//! Plugins for the romp broker in Rust. Nothing but `std` is used, and no library is linked.
//!
//! ```ignore
//! use romp_sdk::{plugin, Verdict, SEND};
//!
//! plugin!("ping", "1.0.0", |p| {
//!     p.on_frame(SEND, "/virt/ping", |f| {
//!         f.reply("pong");
//!         Verdict::Handled
//!     })
//! });
//! ```
//!
//! The crate that holds it is a `cdylib`. A panic never leaves the plugin: in a filter it counts as
//! a fault, in `plugin!` it is why the plugin does not load. Threads are as `romp/plugin.h` says;
//! closures must be `Send`, and a plugin made by `plugin!` is never called by two threads at once.

pub mod raw;

mod entry;
mod frame;
mod plugin;

pub use entry::Entry;
pub use frame::{Deferred, Frame, Verdict};
pub use plugin::{Event, Handle, Plugin, Setting, Stage};

/// Sets of commands: `SEND | SUBSCRIBE`.
pub const CONNECT: u64 = 1 << 0 | 1 << 1;
pub const SEND: u64 = 1 << 2;
pub const SUBSCRIBE: u64 = 1 << 3;
pub const UNSUBSCRIBE: u64 = 1 << 4;
pub const ACK: u64 = 1 << 5;
pub const NACK: u64 = 1 << 6;
pub const BEGIN: u64 = 1 << 7;
pub const COMMIT: u64 = 1 << 8;
pub const ABORT: u64 = 1 << 9;
pub const DISCONNECT: u64 = 1 << 10;
pub const MESSAGE: u64 = 1 << 17;
pub const ANY: u64 = u64::MAX;

/// What a plugin may want to do; see `ROMP_CAP_` in `romp/plugin.h`.
pub mod capability {
    pub const FRAMES: u64 = 1 << 0;
    pub const MUTATE: u64 = 1 << 1;
    pub const CREDENTIALS: u64 = 1 << 2;
    pub const AUTH: u64 = 1 << 3;
    pub const PUBLISH: u64 = 1 << 4;
    pub const SUBSCRIBE: u64 = 1 << 5;
    pub const SESSIONS: u64 = 1 << 6;
}

/// Why something did not work: a status of the host, and a sentence.
#[derive(Debug)]
pub struct Failure {
    pub status: i32,
    pub text: String,
}

impl Failure {
    pub fn new(text: impl Into<String>) -> Failure {
        Failure { status: raw::E_INVAL, text: text.into() }
    }

    pub(crate) fn check(status: i32, what: &str) -> Result<(), Failure> {
        if status >= 0 {
            return Ok(());
        }
        Err(Failure { status, text: format!("{what}: status {status}") })
    }
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Failure {}

/// What a closure of `plugin!` may return: `()`, `Result<(), Failure>`, or what `on_frame` does.
pub trait Outcome {
    fn into_result(self) -> Result<(), Failure>;
}
impl Outcome for () {
    fn into_result(self) -> Result<(), Failure> {
        Ok(())
    }
}
impl Outcome for Result<(), Failure> {
    fn into_result(self) -> Result<(), Failure> {
        self
    }
}

/// Everything that a plugin must export; once a crate. The optional part names the keys of the ini
/// section, as name, type, default (`None`: it is required) and help, and the capabilities:
///
/// ```ignore
/// plugin!("limit", "1.0.0", keys: [("rate", "int", Some("10"), "a second")],
///     capabilities: capability::FRAMES, |p| { .. });
/// ```
#[macro_export]
macro_rules! plugin {
    ($id:literal, $version:literal,
     keys: [$(($key:literal, $kind:literal, $fallback:expr, $help:literal)),* $(,)?],
     capabilities: $capabilities:expr, $init:expr) => {
        #[used]
        #[link_section = ".note.romp"]
        static ROMP_NOTE: $crate::raw::Note = $crate::raw::Note::new($id, $version);

        #[no_mangle]
        pub extern "C" fn romp_plugin_entry(major: u32) -> *const $crate::raw::Plugin {
            static ENTRY: $crate::Entry = $crate::Entry::new();
            unsafe extern "C" fn create(
                host: *const $crate::raw::Host,
                config: *const $crate::raw::Config,
                out: *mut *mut ::std::os::raw::c_void,
            ) -> i32 {
                $crate::Plugin::create(host, config, out, |p| {
                    let init: fn(&mut $crate::Plugin) -> _ = $init;
                    $crate::Outcome::into_result(init(p))
                })
            }
            ENTRY.descriptor(major, concat!($id, "\0"), concat!($version, "\0"), $capabilities,
                &[$(($key, $kind, $fallback, $help)),*], create)
        }
    };
    ($id:literal, $version:literal, $init:expr) => {
        $crate::plugin!($id, $version, keys: [],
            capabilities: $crate::capability::FRAMES | $crate::capability::PUBLISH, $init);
    };
}
