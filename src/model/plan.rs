//! What a service does for a request, as a list of steps: plain data that reads top-down like a process.

use super::topology::{CallId, OnCacheError, OnError, QueueId, Service, Topology};

/// A step of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The request travels to its instance: handshakes if it comes from a user, then the way there.
    Connect,
    /// The authorisation service processes a login.
    Login,
    /// A worker of the instance processes the request.
    Process,
    /// The instance asks its cache; a hit skips the next step, which reads the database.
    LookUp {
        /// What a failed look-up leads to.
        on_error: OnCacheError,
    },
    /// The instance reads its database.
    Read {
        /// What a failed read leads to.
        on_error: OnError,
        /// How often a failed read is tried again.
        retries: u32,
    },
    /// The instance writes to its database.
    Write {
        /// What a failed write leads to.
        on_error: OnError,
    },
    /// The instance publishes a message.
    Publish {
        /// Where to.
        queue: QueueId,
        /// What a failure leads to.
        on_error: OnError,
    },
    /// The instance calls further services and waits for their answers.
    Call {
        /// Which call.
        call: CallId,
        /// What a failure leads to.
        on_error: OnError,
    },
    /// The answer travels back.
    Answer,
}

impl Step {
    /// Name in traces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Login => "login",
            Self::Process => "process",
            Self::LookUp { .. } => "look_up",
            Self::Read { .. } => "read",
            Self::Write { .. } => "write",
            Self::Publish { .. } => "publish",
            Self::Call { .. } => "call",
            Self::Answer => "answer",
        }
    }
}

impl Topology {
    /// Fills in the plans of all services.
    pub fn compile_plans(&mut self) {
        self.steps.clear();
        for id in 0..self.services.len() {
            let is_auth = self.auth.as_ref().is_some_and(|auth| auth.service.index() == id);
            let read = self.compile(id, is_auth, true);
            let write = self.compile(id, is_auth, false);
            self.services[id].read_plan = read;
            self.services[id].write_plan = write;
        }
    }

    fn compile(&mut self, service: usize, is_auth: bool, is_read: bool) -> std::ops::Range<u32> {
        let start = self.steps.len() as u32;
        if is_auth {
            self.steps.extend([Step::Connect, Step::Login, Step::Answer]);
        } else {
            let service = &self.services[service];
            let calls = service.calls.clone().map(|id| (CallId(id), self.calls[id as usize].on_error));
            let steps = service_steps(service, calls, is_read);
            self.steps.extend(steps);
        }
        start..self.steps.len() as u32
    }
}

fn service_steps(service: &Service, calls: impl Iterator<Item = (CallId, OnError)>, is_read: bool) -> Vec<Step> {
    let mut steps = vec![Step::Connect, Step::Process];
    if is_read {
        steps.extend(service.cache.map(|on_error| Step::LookUp { on_error }));
        steps.extend(
            service.database.map(|used| Step::Read { on_error: used.on_read_error, retries: used.read_retries }),
        );
    } else {
        steps.extend(service.database.map(|used| Step::Write { on_error: used.on_write_error }));
    }
    steps.extend(service.publish.map(|(queue, on_error)| Step::Publish { queue, on_error }));
    steps.extend(calls.map(|(call, on_error)| Step::Call { call, on_error }));
    steps.push(Step::Answer);
    steps
}
