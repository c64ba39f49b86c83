// SPDX-License-Identifier: Apache-2.0
use crate::{raw, Plugin};
use std::os::raw::{c_char, c_void};
use std::ffi::CString;
use std::sync::atomic::{AtomicPtr, Ordering};

type Create =
    unsafe extern "C" fn(*const raw::Host, *const raw::Config, *mut *mut c_void) -> i32;
/// Name, type, default, help.
type Key = (&'static str, &'static str, Option<&'static str>, &'static str);

/// The descriptor, made at the first call of the entry function and kept for ever. For `plugin!`.
pub struct Entry(AtomicPtr<raw::Plugin>);

impl Entry {
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Entry {
        Entry(AtomicPtr::new(core::ptr::null_mut()))
    }

    /// Null for another major. Texts `id` and `version` end with NUL.
    pub fn descriptor(
        &self,
        major: u32,
        id: &'static str,
        version: &'static str,
        capabilities: u64,
        keys: &[Key],
        create: Create,
    ) -> *const raw::Plugin {
        if major != raw::ABI_MAJOR {
            return core::ptr::null();
        }
        let known = self.0.load(Ordering::Acquire);
        if !known.is_null() {
            return known;
        }
        let keys: &'static [raw::ConfigKey] =
            Box::leak(keys.iter().map(key).collect::<Vec<_>>().into_boxed_slice());
        let made = Box::leak(Box::new(raw::Plugin {
                size: core::mem::size_of::<raw::Plugin>() as u32,
                abi: raw::ABI,
                id: id.as_ptr().cast(),
                version: version.as_ptr().cast(),
                title: core::ptr::null(),
                author: core::ptr::null(),
                capabilities,
                flags: 0,
                config_key_count: keys.len() as u32,
                config_keys: keys.as_ptr(),
                needs: core::ptr::null(),
                create: Some(create),
                start: Some(Plugin::start),
                reconfigure: None,
                stop: Some(Plugin::stop),
                destroy: Some(Plugin::destroy),
                drop_slot: None,
        }));
        self.0.store(made, Ordering::Release);
        made
    }
}

/// Kept for ever, as the descriptor is.
fn text(value: &str) -> *const c_char {
    CString::new(value).map_or(core::ptr::null(), |t| t.into_raw() as *const c_char)
}

fn key(&(name, kind, fallback, help): &Key) -> raw::ConfigKey {
    raw::ConfigKey {
        name: text(name),
        kind: text(kind),
        fallback: fallback.map_or(core::ptr::null(), text),
        help: text(help),
    }
}
