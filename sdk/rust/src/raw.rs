// SPDX-License-Identifier: Apache-2.0
//! The contract of `romp/plugin.h`, ABI 1.0, as it is. The end of this file checks the layout.

use std::os::raw::{c_char, c_void};

pub const ABI_MAJOR: u32 = 1;
pub const ABI: u32 = ABI_MAJOR * 0x10000;

pub const OK: i32 = 0;
pub const E_INVAL: i32 = -1;
pub const E_GONE: i32 = -3;
pub const E_AGAIN: i32 = -6;
pub const E_NOTFOUND: i32 = -9;
pub const E_CANCELLED: i32 = -10;
pub const E_FAULT: i32 = -13;

pub const CONTINUE: i32 = 0;
pub const HANDLED: i32 = 1;
pub const REJECT: i32 = 2;
pub const DEFER: i32 = 3;

pub const NOTE_TYPE: u32 = 0x504d_4f52;

/// Text or bytes. A null pointer: absent.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Str {
    pub data: *const u8,
    pub len: usize,
}

impl Str {
    pub const ABSENT: Str = Str { data: core::ptr::null(), len: 0 };

    pub const fn of(text: &[u8]) -> Str {
        Str { data: text.as_ptr(), len: text.len() }
    }

    /// # Safety
    /// The bytes must live for `'a`, as the contract says where it hands one out.
    pub unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.data.is_null() {
            &[]
        } else {
            core::slice::from_raw_parts(self.data, self.len)
        }
    }
}

#[repr(C)]
pub struct Header {
    pub name: Str,
    pub value: Str,
}

#[repr(C)]
pub struct Frame {
    pub size: u32,
    pub command: u32,
    pub flags: u32,
    pub header_count: u32,
    pub headers: *const Header,
    pub verb: Str,
    pub destination: Str,
    pub body: Str,
    pub body_size: u64,
    pub host_own: *mut c_void,
}

#[repr(C)]
pub struct Ctx {
    pub size: u32,
    pub stage: u32,
    pub session: u64,
    pub user: Str,
    pub remote: Str,
    pub transport: u32,
    pub session_flags: u32,
    pub now_ns: i64,
    pub slot: *mut *mut c_void,
    pub host_own: *mut c_void,
}

#[repr(C)]
pub struct Event {
    pub size: u32,
    pub kind: u32,
    pub session: u64,
    pub user: Str,
    pub destination: Str,
    pub reason: Str,
    pub value: i64,
    pub now_ns: i64,
}

#[repr(C)]
pub struct Message {
    pub size: u32,
    pub command: u32,
    pub flags: u32,
    pub header_count: u32,
    pub headers: *const Header,
    pub destination: Str,
    pub content_type: Str,
    pub body: Str,
    pub share: *const Frame,
}

#[repr(C)]
pub struct Error {
    pub size: u32,
    pub flags: u32,
    pub reply: Str,
    pub log: Str,
}

#[repr(C)]
pub struct Filter {
    pub size: u32,
    pub flags: u32,
    pub stage: u32,
    pub priority: i32,
    pub commands: u64,
    pub name: *const c_char,
    pub destination: *const c_char,
    pub header: *const c_char,
    pub on_frame: unsafe extern "C" fn(*mut c_void, *const Ctx, *mut Frame) -> i32,
    pub user: *mut c_void,
}

/// Opaque.
#[repr(C)]
pub struct Config {
    _private: [u8; 0],
}

pub type Task = unsafe extern "C" fn(*mut c_void, i32);
/// A function that this crate does not call.
pub type Unused = *const c_void;
type H = *const Host;

#[repr(C)]
pub struct Host {
    pub size: u32,
    pub abi: u32,
    pub host_own: *mut c_void,
    pub version: *const c_char,
    pub instance: *const c_char,
    pub get_interface: unsafe extern "C" fn(H, *const c_char) -> *const c_void,
    pub log: unsafe extern "C" fn(H, u32, Str),
    pub log_enabled: unsafe extern "C" fn(H, u32) -> i32,
    pub fail: unsafe extern "C" fn(H, i32, Str) -> i32,
    pub config_get: unsafe extern "C" fn(H, *const Config, *const c_char, *mut Str) -> i32,
    pub config_int: unsafe extern "C" fn(H, *const Config, *const c_char, *mut i64) -> i32,
    pub config_at: Unused,
    pub add_filter: unsafe extern "C" fn(H, *const Filter) -> i32,
    pub add_http: Unused,
    pub add_events: unsafe extern "C" fn(
        H,
        u64,
        unsafe extern "C" fn(*mut c_void, *const Event),
        *mut c_void,
    ) -> i32,
    pub metric_define: Unused,
    pub frame_set_header: unsafe extern "C" fn(H, *mut Frame, Str, Str) -> i32,
    pub frame_remove_header: unsafe extern "C" fn(H, *mut Frame, Str) -> i32,
    pub frame_set_body: unsafe extern "C" fn(H, *mut Frame, Str) -> i32,
    pub frame_retain: Unused,
    pub frame_release: Unused,
    pub reject: unsafe extern "C" fn(H, *const Ctx, *const Error) -> i32,
    pub defer: unsafe extern "C" fn(H, *const Ctx, *mut u64) -> i32,
    pub resume: unsafe extern "C" fn(H, u64, i32, *const Error) -> i32,
    pub http_reply: Unused,
    pub authenticate: unsafe extern "C" fn(H, u64, Str) -> i32,
    pub session_send: unsafe extern "C" fn(H, u64, *const Message) -> i32,
    pub session_close: unsafe extern "C" fn(H, u64, u32, Str) -> i32,
    pub attr_get: Unused,
    pub attr_set: Unused,
    pub publish: unsafe extern "C" fn(H, *const Message) -> i32,
    pub subscribe: Unused,
    pub unsubscribe: Unused,
    pub ack: Unused,
    pub post: unsafe extern "C" fn(H, Task, *mut c_void) -> i32,
    pub post_worker: unsafe extern "C" fn(H, Task, *mut c_void) -> i32,
    pub timer_start: unsafe extern "C" fn(H, i64, i64, Task, *mut c_void, *mut u64) -> i32,
    pub timer_stop: unsafe extern "C" fn(H, u64) -> i32,
    pub metric_add: Unused,
    pub metric_set: Unused,
}

/// One key of the ini section. Texts end with NUL.
#[repr(C)]
pub struct ConfigKey {
    pub name: *const c_char,
    pub kind: *const c_char,
    pub fallback: *const c_char,
    pub help: *const c_char,
}

#[repr(C)]
pub struct Plugin {
    pub size: u32,
    pub abi: u32,
    pub id: *const c_char,
    pub version: *const c_char,
    pub title: *const c_char,
    pub author: *const c_char,
    pub capabilities: u64,
    pub flags: u32,
    pub config_key_count: u32,
    pub config_keys: *const ConfigKey,
    pub needs: *const *const c_char,
    pub create: Option<unsafe extern "C" fn(H, *const Config, *mut *mut c_void) -> i32>,
    pub start: Option<unsafe extern "C" fn(*mut c_void) -> i32>,
    pub reconfigure: Option<unsafe extern "C" fn(*mut c_void, *const Config) -> i32>,
    pub stop: Option<unsafe extern "C" fn(*mut c_void)>,
    pub destroy: Option<unsafe extern "C" fn(*mut c_void)>,
    pub drop_slot: Option<unsafe extern "C" fn(*mut c_void, *mut c_void)>,
}

// SAFETY: descriptors are constants; nothing behind their pointers is ever written.
unsafe impl Sync for Plugin {}
unsafe impl Sync for ConfigKey {}

#[repr(C, align(4))]
pub struct Note {
    pub name_size: u32,
    pub size: u32,
    pub kind: u32,
    pub name: [u8; 8],
    pub abi: u32,
    pub sdk: u32,
    pub id: [u8; 64],
    pub version: [u8; 32],
}

impl Note {
    pub const fn new(id: &str, version: &str) -> Note {
        Note {
            name_size: 5,
            size: 104,
            kind: NOTE_TYPE,
            name: *b"romp\0\0\0\0",
            abi: ABI,
            sdk: ABI,
            id: field(id),
            version: field(version),
        }
    }
}

/// Too long a text does not compile.
const fn field<const N: usize>(text: &str) -> [u8; N] {
    let bytes = text.as_bytes();
    assert!(bytes.len() < N, "id or version is too long");
    let mut out = [0; N];
    let mut i = 0;
    while i < bytes.len() {
        out[i] = bytes[i];
        i += 1;
    }
    out
}

// The layout of ABI 1.0: what does not hold does not compile.
const _: () = {
    use core::mem::size_of;
    assert!(size_of::<Str>() == 16);
    assert!(size_of::<Header>() == 32);
    assert!(size_of::<Frame>() == 88);
    assert!(size_of::<Ctx>() == 80);
    assert!(size_of::<Event>() == 80);
    assert!(size_of::<Message>() == 80);
    assert!(size_of::<Error>() == 40);
    assert!(size_of::<Filter>() == 64);
    assert!(size_of::<ConfigKey>() == 32);
    assert!(size_of::<Plugin>() == 120);
    assert!(size_of::<Note>() == 124);
    assert!(size_of::<Host>() == 312);
};
