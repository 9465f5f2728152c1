//! What a service does for a request, as a list of steps: plain data that reads top-down like a process.
//!
//! The tasks of an endpoint, which may contain others, are compiled to a flat list with jumps, so that a request's place is
//! one number.

use super::topology::{
    CallId, EndpointId, Fork, Guard, OnCacheError, OnError, PublicationId, PublishUse, Task, Told, Topology,
};

/// A step of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The request travels to its instance: handshakes if it comes from a user, then the way there.
    Connect,
    /// The authorisation service processes a login.
    Login,
    /// A worker of the instance processes the request.
    Process {
        /// How long, a position in [`Topology::times`]; [`SERVICE_TIME`] is the time of the service.
        time: u32,
    },
    /// The instance asks its cache; a hit skips what a miss leads to.
    LookUp {
        /// What a failed look-up leads to.
        on_error: OnCacheError,
        /// So many steps a miss leads to.
        skip: u32,
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
    /// The instance tells its cache of a write.
    Tell {
        /// What.
        what: Told,
        /// What it leads to if that fails.
        on_error: OnCacheError,
        /// So many steps are done in the background, if it is told before the database is.
        skip: u32,
    },
    /// What the cache has been told waits until it is written to the database; whoever writes at once passes.
    Flush,
    /// The instance publishes a message.
    Publish {
        /// What, and where to.
        publication: PublicationId,
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
    /// Several lists of steps are done at the same time.
    Fork {
        /// Which, a position in [`Topology::forks`].
        fork: u32,
    },
    /// The operation that is the next step is done under a policy, by tries that each are a branch of that one step.
    Guard {
        /// How, a position in [`Topology::guards`].
        guard: u32,
    },
    /// A list of steps that was done beside others is over; whoever did it on his way goes on.
    Join,
    /// With some probability the next steps are done, else skipped.
    Maybe {
        /// The probability, a position in [`Topology::probs`].
        prob: u32,
        /// So many steps.
        skip: u32,
    },
    /// The answer travels back.
    Answer,
}

/// The time of a step that is processed as long as the service says.
pub const SERVICE_TIME: u32 = u32::MAX;

impl Step {
    /// Name in traces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Login => "login",
            Self::Process { .. } => "process",
            Self::LookUp { .. } => "look_up",
            Self::Read { .. } => "read",
            Self::Write { .. } => "write",
            Self::Tell { .. } => "tell",
            Self::Flush => "flush",
            Self::Publish { .. } => "publish",
            Self::Call { .. } => "call",
            Self::Fork { .. } => "branches",
            Self::Guard { .. } => "policy",
            Self::Join => "join",
            Self::Maybe { .. } => "maybe",
            Self::Answer => "answer",
        }
    }
}

/// Whether somebody may do some steps in the background.
#[derive(Clone, Copy, PartialEq)]
enum Apart {
    Never,
    AtOnce,
    /// When it is time to.
    Later,
}

impl Topology {
    /// Fills in the plans of all endpoints.
    pub fn compile_plans(&mut self) {
        (self.steps, self.times, self.probs, self.forks, self.guards) = Default::default();
        self.publications = Vec::new();
        for id in 0..self.endpoints.len() as u32 {
            self.compile(EndpointId(id));
        }
    }

    fn compile(&mut self, id: EndpointId) {
        let endpoint = &self.endpoints[id.index()];
        let is_login = self.auth.as_ref().is_some_and(|auth| auth.service == endpoint.service);
        let tasks = endpoint.tasks.clone();
        let start = self.steps.len() as u32;
        self.steps.push(Step::Connect);
        match is_login {
            true => self.steps.push(Step::Login),
            false => self.compile_all(&tasks),
        }
        self.steps.push(Step::Answer);
        self.endpoints[id.index()].plan = start..self.steps.len() as u32;
    }

    fn compile_all(&mut self, tasks: &[Task]) {
        tasks.iter().for_each(|task| self.compile_task(task));
    }

    fn compile_task(&mut self, task: &Task) {
        let step = match *task {
            Task::Process(None) => Step::Process { time: SERVICE_TIME },
            Task::Process(Some(ref time)) => {
                self.times.push(time.clone());
                Step::Process { time: self.times.len() as u32 - 1 }
            }
            Task::LookUp { on_error, call: Some(call), ref miss } => {
                return self.compile_guarded_look_up(call, on_error, miss);
            }
            Task::LookUp { on_error, call: None, ref miss } => {
                return self.compile_jump(miss, Apart::AtOnce, |skip| Step::LookUp { on_error, skip });
            }
            Task::Read { on_error, retries, call: Some(call) } => {
                return self.compile_guarded(call, on_error, Step::Read { on_error: OnError::Fail, retries });
            }
            Task::Read { on_error, retries, call: None } => Step::Read { on_error, retries },
            Task::Write { on_error, call: Some(call) } => {
                return self.compile_guarded(call, on_error, Step::Write { on_error: OnError::Fail });
            }
            Task::Write { on_error, call: None } => Step::Write { on_error },
            Task::Tell { what: Told::First, on_error, ref tasks } => {
                return self.compile_jump(tasks, Apart::Later, |skip| Step::Tell { what: Told::First, on_error, skip });
            }
            Task::Tell { what, on_error, ref tasks } => {
                self.compile_all(tasks);
                Step::Tell { what, on_error, skip: 0 }
            }
            Task::Publish(PublishUse { ref publication, on_error, call }) => {
                let id = PublicationId(self.publications.len() as u32);
                self.publications.push(publication.clone());
                let step = |on_error| Step::Publish { publication: id, on_error };
                match call {
                    Some(call) => return self.compile_guarded(call, on_error, step(OnError::Fail)),
                    None => step(on_error),
                }
            }
            Task::Call(call) => Step::Call { call, on_error: self.calls[call.index()].on_error },
            Task::Branches { ref branches, on_error } => return self.compile_branches(branches, on_error),
            Task::Maybe { prob, ref tasks } => {
                self.probs.push(prob);
                let prob = self.probs.len() as u32 - 1;
                return self.compile_jump(tasks, Apart::Never, |skip| Step::Maybe { prob, skip });
            }
        };
        self.steps.push(step);
    }

    /// A step that may skip the tasks that follow it, which somebody may do in the background, too.
    fn compile_jump(&mut self, tasks: &[Task], apart: Apart, step: impl FnOnce(u32) -> Step) {
        let place = self.steps.len();
        self.steps.push(Step::Join);
        if apart == Apart::Later {
            self.steps.push(Step::Flush);
        }
        self.compile_all(tasks);
        if apart != Apart::Never {
            self.steps.push(Step::Join);
        }
        self.steps[place] = step((self.steps.len() - place) as u32 - 1);
    }

    /// An operation under a policy: whatever becomes of a failure, the policy has to know of it first.
    fn compile_guarded(&mut self, call: CallId, on_error: OnError, operation: Step) {
        self.guards.push(Guard { call, on_error, skip: 0 });
        let guard = Step::Guard { guard: self.guards.len() as u32 - 1 };
        self.steps.extend([guard, operation, Step::Join]);
    }

    /// A look-up under a policy; what a miss leads to is not under it.
    fn compile_guarded_look_up(&mut self, call: CallId, on_error: OnCacheError, miss: &[Task]) {
        let guard = self.guards.len();
        let on_error = match on_error {
            OnCacheError::Fail => OnError::Fail,
            OnCacheError::FallBack => OnError::Ignore,
        };
        self.compile_guarded(call, on_error, Step::LookUp { on_error: OnCacheError::Fail, skip: 0 });
        let start = self.steps.len();
        self.compile_all(miss);
        self.steps.push(Step::Join);
        self.guards[guard].skip = (self.steps.len() - start) as u32;
    }

    /// The step at a place, and for one under a policy that step itself.
    #[inline]
    pub fn operation_at(&self, place: u32) -> Step {
        match self.steps[place as usize] {
            Step::Guard { .. } => self.steps[place as usize + 1],
            step => step,
        }
    }

    fn compile_branches(&mut self, branches: &[Vec<Task>], on_error: OnError) {
        let fork = self.forks.len();
        self.forks.push(Fork { branches: Vec::new(), on_error, length: 0 });
        self.steps.push(Step::Fork { fork: fork as u32 });
        let start = self.steps.len();
        for tasks in branches {
            let first = self.steps.len() as u32;
            self.compile_all(tasks);
            self.steps.push(Step::Join);
            self.forks[fork].branches.push((first, self.steps.len() as u32 - 1));
        }
        self.forks[fork].length = (self.steps.len() - start) as u32;
    }
}
