// SPDX-License-Identifier: Apache-2.0
use crate::frame::{error_of, Frame, Verdict};
use crate::{raw, Failure};
use std::os::raw::{c_char, c_void};
use std::ffi::CString;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::time::Duration;

/// Where in the life of a frame a filter runs; see `ROMP_STAGE_` in `romp/plugin.h`.
#[derive(Clone, Copy)]
#[repr(u32)]
pub enum Stage {
    Accept = 0,
    Auth = 1,
    Frame = 2,
    PreRoute = 3,
    PostRoute = 4,
    Outbound = 5,
    Unhandled = 6,
}

const MUTATES: u32 = 0x2;
const MAY_DEFER: u32 = 0x4;

type OnFrame = Box<dyn Fn(&mut Frame) -> Verdict + Send>;
type OnEvent = Box<dyn Fn(&Event) + Send>;
type Simple = Box<dyn Fn() + Send>;

/// Something happened; the numbers are `ROMP_EV_` in `romp/plugin.h`.
pub struct Event<'a> {
    pub kind: u32,
    pub session: u64,
    pub destination: &'a str,
    pub value: i64,
}

struct FilterBox {
    host: *const raw::Host,
    call: OnFrame,
}

struct TimerBox {
    host: *const raw::Host,
    call: Simple,
}

/// One instance of the plugin, filled by the closure of `plugin!`, alive until no callback can run.
pub struct Plugin {
    handle: Handle,
    config: *const raw::Config,
    filters: Vec<Box<FilterBox>>,
    names: Vec<CString>,
    on_event: Option<OnEvent>,
    timers: Vec<(Duration, Simple)>,
    at_stop: Vec<Simple>,
}

/// What may be done from any thread. Cheap to copy into closures and threads.
#[derive(Clone, Copy)]
pub struct Handle(*const raw::Host);

// SAFETY: every function used is marked [any], and the table stays mapped for ever.
unsafe impl Send for Handle {}
unsafe impl Sync for Handle {}

impl Handle {
    pub fn info(&self, text: &str) {
        self.log(2, text);
    }
    pub fn warn(&self, text: &str) {
        self.log(3, text);
    }
    pub fn error(&self, text: &str) {
        self.log(4, text);
    }
    fn log(&self, level: u32, text: &str) {
        // SAFETY: the text outlives the call.
        unsafe { ((*self.0).log)(self.0, level, raw::Str::of(text.as_bytes())) }
    }

    /// False when it was not taken: full, gone, stopping.
    pub fn publish(&self, destination: &str, body: impl AsRef<[u8]>) -> Result<bool, Failure> {
        let message = raw::Message {
            size: core::mem::size_of::<raw::Message>() as u32,
            command: 0,
            flags: 0,
            header_count: 0,
            headers: core::ptr::null(),
            destination: raw::Str::of(destination.as_bytes()),
            content_type: raw::Str::ABSENT,
            body: raw::Str::of(body.as_ref()),
            share: core::ptr::null(),
        };
        // SAFETY: everything the message refers to outlives the call.
        match unsafe { ((*self.0).publish)(self.0, &message) } {
            raw::E_GONE | raw::E_AGAIN | raw::E_CANCELLED => Ok(false),
            status => Failure::check(status, "publish").map(|()| true),
        }
    }

    /// Runs the closure soon: on the strand, or with `post_worker` where it may block.
    pub fn post(&self, task: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
        // SAFETY: the table stays mapped for ever.
        self.post_with(unsafe { (*self.0).post }, Box::new(task))
    }
    pub fn post_worker(&self, task: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
        // SAFETY: as above.
        self.post_with(unsafe { (*self.0).post_worker }, Box::new(task))
    }
    fn post_with(
        &self,
        how: unsafe extern "C" fn(*const raw::Host, raw::Task, *mut c_void) -> i32,
        task: Box<dyn FnOnce() + Send>,
    ) -> Result<(), Failure> {
        let arg = Box::into_raw(Box::new((*self, task)));
        // SAFETY: what is taken runs exactly once, and frees its box.
        let status = unsafe { how(self.0, run_posted, arg.cast()) };
        if status < 0 {
            drop(unsafe { Box::from_raw(arg) });
        }
        Failure::check(status, "post")
    }
}

unsafe extern "C" fn run_posted(arg: *mut c_void, status: i32) {
    let (handle, task) = *Box::from_raw(arg.cast::<(Handle, Box<dyn FnOnce() + Send>)>());
    if status == raw::OK {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(task)) {
            handle.error(&text_of(&*panic));
        }
    }
}

/// A type that a key of the section can be read as.
pub trait Setting: Sized {
    fn get(plugin: &Plugin, key: &str) -> Result<Self, Failure>;
}
impl Setting for String {
    fn get(plugin: &Plugin, key: &str) -> Result<String, Failure> {
        plugin.text(key)
    }
}
impl Setting for i64 {
    fn get(plugin: &Plugin, key: &str) -> Result<i64, Failure> {
        plugin.number(key)
    }
}
impl Setting for u64 {
    fn get(plugin: &Plugin, key: &str) -> Result<u64, Failure> {
        let number = plugin.number(key)?;
        number.try_into().map_err(|_| Failure::new(format!("key '{key}': out of range: {number}")))
    }
}
impl Setting for bool {
    fn get(plugin: &Plugin, key: &str) -> Result<bool, Failure> {
        Ok(plugin.number(key)? != 0)
    }
}
impl Setting for Duration {
    fn get(plugin: &Plugin, key: &str) -> Result<Duration, Failure> {
        Ok(Duration::from_nanos(u64::get(plugin, key)?))
    }
}
impl Setting for f64 {
    fn get(plugin: &Plugin, key: &str) -> Result<f64, Failure> {
        let text = plugin.text(key)?;
        text.parse().map_err(|_| Failure::new(format!("key '{key}': not a number: {text}")))
    }
}

impl Plugin {
    /// For closures and threads.
    pub fn handle(&self) -> Handle {
        self.handle
    }

    /// The value of a declared key: String, i64, u64, bool, f64, Duration.
    pub fn config<T: Setting>(&self, key: &str) -> Result<T, Failure> {
        T::get(self, key)
    }

    /// Calls `f` for the frames that match, at stage FRAME. `destination` is exact, or a prefix
    /// that ends in `*`, or empty for all.
    pub fn on_frame(
        &mut self,
        commands: u64,
        destination: &str,
        f: impl Fn(&mut Frame) -> Verdict + Send + 'static,
    ) -> Result<(), Failure> {
        self.add(Stage::Frame, 0, MAY_DEFER, commands, destination, Box::new(f))
    }
    /// The same at another stage, with a priority (low runs first).
    pub fn on_frame_at(
        &mut self,
        stage: Stage,
        priority: i32,
        commands: u64,
        destination: &str,
        f: impl Fn(&mut Frame) -> Verdict + Send + 'static,
    ) -> Result<(), Failure> {
        self.add(stage, priority, 0, commands, destination, Box::new(f))
    }
    /// The same for a filter that changes frames; wants the capability MUTATE.
    pub fn on_frame_mut(
        &mut self,
        stage: Stage,
        commands: u64,
        destination: &str,
        f: impl Fn(&mut Frame) -> Verdict + Send + 'static,
    ) -> Result<(), Failure> {
        self.add(stage, 0, MUTATES, commands, destination, Box::new(f))
    }

    /// Calls `f` on the strand for the events in `mask`, `1 << ROMP_EV_`; once an instance.
    pub fn on_event(
        &mut self,
        mask: u64,
        f: impl Fn(&Event) + Send + 'static,
    ) -> Result<(), Failure> {
        self.on_event = Some(Box::new(f));
        let user = (self as *mut Plugin).cast();
        // SAFETY: the plugin is boxed before create() returns to the host, see `create`.
        let status =
            unsafe { ((*self.handle.0).add_events)(self.handle.0, mask, event, user) };
        Failure::check(status, "add_events")
    }

    /// Runs `f` on the strand, again and again, from the start of the plugin on.
    pub fn every(&mut self, period: Duration, f: impl Fn() + Send + 'static) {
        self.timers.push((period, Box::new(f)));
    }
    /// Runs `f` at stop: join your own threads here.
    pub fn on_stop(&mut self, f: impl Fn() + Send + 'static) {
        self.at_stop.push(Box::new(f));
    }

    fn add(
        &mut self,
        stage: Stage,
        priority: i32,
        flags: u32,
        commands: u64,
        destination: &str,
        call: OnFrame,
    ) -> Result<(), Failure> {
        let name = self.keep(&format!("filter-{}", self.filters.len()))?;
        let destination = match destination {
            "" => core::ptr::null(),
            text => self.keep(text)?,
        };
        let mut own = Box::new(FilterBox { host: self.handle.0, call });
        let filter = raw::Filter {
            size: core::mem::size_of::<raw::Filter>() as u32,
            flags,
            stage: stage as u32,
            priority,
            commands,
            name,
            destination,
            header: core::ptr::null(),
            on_frame: filtered,
            user: (&mut *own as *mut FilterBox).cast(),
        };
        self.filters.push(own);
        // SAFETY: the host copies the struct and its texts.
        let status = unsafe { ((*self.handle.0).add_filter)(self.handle.0, &filter) };
        Failure::check(status, "add_filter")
    }

    fn keep(&mut self, text: &str) -> Result<*const c_char, Failure> {
        let kept = CString::new(text).map_err(|_| Failure::new("a NUL in a name"))?;
        self.names.push(kept);
        Ok(self.names[self.names.len() - 1].as_ptr())
    }

    fn text(&self, key: &str) -> Result<String, Failure> {
        let name = CString::new(key).map_err(|_| Failure::new("a NUL in a key"))?;
        let mut out = raw::Str::ABSENT;
        // SAFETY: only create() has a config, and calls this.
        let status = unsafe {
            ((*self.handle.0).config_get)(self.handle.0, self.config, name.as_ptr(), &mut out)
        };
        Failure::check(status, &format!("key '{key}'"))?;
        Ok(String::from_utf8_lossy(unsafe { out.bytes() }).into_owned())
    }

    fn number(&self, key: &str) -> Result<i64, Failure> {
        let name = CString::new(key).map_err(|_| Failure::new("a NUL in a key"))?;
        let mut out = 0;
        // SAFETY: as above.
        let status = unsafe {
            ((*self.handle.0).config_int)(self.handle.0, self.config, name.as_ptr(), &mut out)
        };
        Failure::check(status, &format!("key '{key}'")).map(|()| out)
    }

    /// For `plugin!`.
    ///
    /// # Safety
    /// To be called by the host, as its create().
    pub unsafe fn create(
        host: *const raw::Host,
        config: *const raw::Config,
        out: *mut *mut c_void,
        init: impl FnOnce(&mut Plugin) -> Result<(), Failure>,
    ) -> i32 {
        let mut made = Box::new(Plugin {
            handle: Handle(host),
            config,
            filters: Vec::new(),
            names: Vec::new(),
            on_event: None,
            timers: Vec::new(),
            at_stop: Vec::new(),
        });
        match catch_unwind(AssertUnwindSafe(|| init(&mut made))) {
            Ok(Ok(())) => {
                *out = Box::into_raw(made).cast();
                raw::OK
            }
            Ok(Err(failure)) => fail(host, failure.status, &failure.text),
            Err(panic) => fail(host, raw::E_FAULT, &text_of(&*panic)),
        }
    }

    pub(crate) unsafe extern "C" fn start(this: *mut c_void) -> i32 {
        let this = &mut *this.cast::<Plugin>();
        let host = this.handle.0;
        for (period, call) in this.timers.drain(..) {
            let arg = Box::into_raw(Box::new(TimerBox { host, call }));
            let ns = i64::try_from(period.as_nanos()).unwrap_or(i64::MAX);
            let mut id = 0;
            let status = ((*host).timer_start)(host, ns, ns, tick, arg.cast(), &mut id);
            if status < 0 {
                drop(Box::from_raw(arg));
                return fail(host, status, "a timer cannot be started");
            }
        }
        raw::OK
    }

    pub(crate) unsafe extern "C" fn stop(this: *mut c_void) {
        let this = &*this.cast::<Plugin>();
        for call in &this.at_stop {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(call)) {
                this.handle.error(&text_of(&*panic));
            }
        }
    }

    pub(crate) unsafe extern "C" fn destroy(this: *mut c_void) {
        let own = Box::from_raw(this.cast::<Plugin>());
        drop(catch_unwind(AssertUnwindSafe(move || drop(own))));
    }
}

unsafe extern "C" fn filtered(user: *mut c_void, ctx: *const raw::Ctx, raw: *mut raw::Frame) -> i32 {
    let own = &*user.cast::<FilterBox>();
    let host = own.host;
    let call = || {
        let mut frame = Frame { host: &*host, ctx: &*ctx, raw: &mut *raw };
        (own.call)(&mut frame)
    };
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Verdict::Next) => raw::CONTINUE,
        Ok(Verdict::Handled) => raw::HANDLED,
        Ok(Verdict::Later) => raw::DEFER,
        Ok(Verdict::Reject(text)) => ((*host).reject)(host, ctx, &error_of(&text)),
        Err(panic) => fail(host, raw::E_FAULT, &text_of(&*panic)),
    }
}

unsafe extern "C" fn event(user: *mut c_void, raw: *const raw::Event) {
    let plugin = &*user.cast::<Plugin>();
    let raw = &*raw;
    let seen = Event {
        kind: raw.kind,
        session: raw.session,
        destination: core::str::from_utf8(raw.destination.bytes()).unwrap_or_default(),
        value: raw.value,
    };
    if let Some(call) = &plugin.on_event {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| call(&seen))) {
            plugin.handle.error(&text_of(&*panic));
        }
    }
}

unsafe extern "C" fn tick(arg: *mut c_void, status: i32) {
    if status != raw::OK {
        drop(Box::from_raw(arg.cast::<TimerBox>()));
        return;
    }
    let timer = &*arg.cast::<TimerBox>();
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| (timer.call)())) {
        Handle(timer.host).error(&text_of(&*panic));
    }
}

fn text_of(panic: &(dyn core::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|t| (*t).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic".to_owned())
}

unsafe fn fail(host: *const raw::Host, status: i32, text: &str) -> i32 {
    ((*host).fail)(host, status, raw::Str::of(text.as_bytes()))
}
