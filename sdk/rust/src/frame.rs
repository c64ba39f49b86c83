// SPDX-License-Identifier: Apache-2.0
use crate::{raw, Failure};

/// What a filter makes of a frame.
pub enum Verdict {
    /// Not mine: the next filter, then what the broker does anyway.
    Next,
    /// Done; a receipt is still sent.
    Handled,
    /// `Frame::defer` was called; the answer comes later.
    Later,
    /// Drop the frame, send ERROR with that text.
    Reject(String),
}

/// The frame in hand. Good until the filter returns.
pub struct Frame<'a> {
    pub(crate) host: &'a raw::Host,
    pub(crate) ctx: &'a raw::Ctx,
    pub(crate) raw: &'a mut raw::Frame,
}

impl Frame<'_> {
    /// "SEND".
    pub fn verb(&self) -> &str {
        text(self.raw.verb)
    }
    pub fn destination(&self) -> &str {
        text(self.raw.destination)
    }
    pub fn body(&self) -> &[u8] {
        // SAFETY: views live until the frame is changed, which takes &mut self.
        unsafe { self.raw.body.bytes() }
    }
    /// Empty before authentication.
    pub fn user(&self) -> &str {
        text(self.ctx.user)
    }
    /// May be kept.
    pub fn session(&self) -> u64 {
        self.ctx.session
    }

    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers().find(|(n, _)| *n == name).map(|(_, value)| value)
    }
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let count = self.raw.header_count as usize;
        // SAFETY: the host says how many there are; zero may come without memory.
        let all = match count {
            0 => &[][..],
            _ => unsafe { core::slice::from_raw_parts(self.raw.headers, count) },
        };
        all.iter().map(|h| (text(h.name), text(h.value)))
    }

    /// Changes the frame; wants `Plugin::on_frame_mut` and the capability.
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<(), Failure> {
        let (name, value) = (raw::Str::of(name.as_bytes()), raw::Str::of(value.as_bytes()));
        // SAFETY: the frame is in hand, the texts outlive the call.
        let status = unsafe { (self.host.frame_set_header)(self.host, self.raw, name, value) };
        Failure::check(status, "set_header")
    }
    pub fn set_body(&mut self, body: &[u8]) -> Result<(), Failure> {
        // SAFETY: as above.
        let status =
            unsafe { (self.host.frame_set_body)(self.host, self.raw, raw::Str::of(body)) };
        Failure::check(status, "set_body")
    }

    /// Answers the sender with a MESSAGE, or publishes to the frame's `reply-to`; a
    /// `correlation-id` is sent back. False when the client is gone or slow.
    pub fn reply(&self, body: impl AsRef<[u8]>) -> bool {
        let id = self.header("correlation-id");
        let echoed = raw::Header {
            name: raw::Str::of(b"correlation-id"),
            value: raw::Str::of(id.unwrap_or_default().as_bytes()),
        };
        let target = self.header("reply-to").filter(|t| !t.is_empty());
        let message = raw::Message {
            size: core::mem::size_of::<raw::Message>() as u32,
            command: 0,
            flags: 0,
            header_count: u32::from(id.is_some()),
            headers: &echoed,
            destination: target.map_or(self.raw.destination, |t| raw::Str::of(t.as_bytes())),
            content_type: raw::Str::ABSENT,
            body: raw::Str::of(body.as_ref()),
            share: core::ptr::null(),
        };
        // SAFETY: everything the message refers to outlives the call.
        let status = unsafe {
            match target {
                Some(_) => (self.host.publish)(self.host, &message),
                None => (self.host.session_send)(self.host, self.ctx.session, &message),
            }
        };
        status == raw::OK
    }

    /// Lets the verdict come later: return `Verdict::Later` and keep the result.
    pub fn defer(&mut self) -> Result<Deferred, Failure> {
        let mut id = 0;
        // SAFETY: the frame of this ctx is in hand.
        let status = unsafe { (self.host.defer)(self.host, self.ctx, &mut id) };
        Failure::check(status, "defer")?;
        Ok(Deferred { host: self.host, id })
    }
}

/// The duty to say how a deferred frame goes on, from any thread. Dropping it rejects the frame.
pub struct Deferred {
    host: *const raw::Host,
    id: u64,
}

// SAFETY: resume() may be called from any thread.
unsafe impl Send for Deferred {}

impl Deferred {
    /// False when it came too late. `Later` is no answer, and rejects.
    pub fn resume(mut self, verdict: Verdict) -> bool {
        self.end(verdict)
    }

    fn end(&mut self, verdict: Verdict) -> bool {
        let id = core::mem::take(&mut self.id);
        let (code, text) = match verdict {
            Verdict::Next => (raw::CONTINUE, None),
            Verdict::Handled => (raw::HANDLED, None),
            Verdict::Later => (raw::REJECT, Some("internal error".to_owned())),
            Verdict::Reject(text) => (raw::REJECT, Some(text)),
        };
        let error = text.as_deref().map(error_of);
        let error = error.as_ref().map_or(core::ptr::null(), |e| e as *const raw::Error);
        // SAFETY: the table stays mapped for ever.
        unsafe { ((*self.host).resume)(self.host, id, code, error) == raw::OK }
    }
}

impl Drop for Deferred {
    fn drop(&mut self) {
        if self.id != 0 {
            self.end(Verdict::Later);
        }
    }
}

pub(crate) fn error_of(reply: &str) -> raw::Error {
    raw::Error {
        size: core::mem::size_of::<raw::Error>() as u32,
        flags: 0,
        reply: raw::Str::of(reply.as_bytes()),
        log: raw::Str::ABSENT,
    }
}

/// Text that is not UTF-8 reads as empty: STOMP's headers are.
fn text<'a>(value: raw::Str) -> &'a str {
    // SAFETY: callers tie the result to the frame.
    core::str::from_utf8(unsafe { value.bytes() }).unwrap_or_default()
}
