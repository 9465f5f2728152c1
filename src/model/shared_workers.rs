//! Instances whose workers are shared by all visits at once, and the change from and to that.
//!
//! Whoever has a worker of his own when sharing begins keeps it until he is
//! done; the others share the rest. And instances where those at work slow each
//! other down: there all of them are in the one `Sharing`, also those who have a
//! worker of their own, as *guests*.

use super::{
    cause::Cause,
    context::Context,
    event::Event,
    post::Reply,
    server::Server,
    visit::{Outcome, Phase, VisitId},
};
use crate::engine::{station::Entry, time::Duration};

impl Server {
    pub(super) fn enter_shared(&mut self, ctx: &mut Context, id: VisitId) -> Reply {
        let service = self.described(ctx);
        // There is no queue to wait in, so the limit is on those in process beyond one for each worker.
        let most = service.workers.unwrap_or(u32::MAX).saturating_add(service.queue_limit.unwrap_or(u32::MAX));
        if self.sharing.len() + self.facility.in_service() as usize >= most as usize {
            return Reply::Now(Outcome::Failure(Cause::QueueFull));
        }
        self.share(ctx, id);
        self.after_sharing_change(ctx);
        Reply::Later
    }

    fn share(&mut self, ctx: &mut Context, id: VisitId) {
        let visit = &mut ctx.visits[id];
        (visit.shares_workers, visit.has_begun) = (true, true);
        // It leaves by no event of its own, and one that it had is stale.
        visit.next_turn();
        let work = self.draw_work(ctx, id);
        self.sharing.enter(ctx.now, id, work);
    }

    /// Measures a shared instance and schedules its next departure.
    fn after_sharing_change(&mut self, ctx: &mut Context) {
        let service = self.described(ctx);
        if self.is_shared {
            let (present, apart) =
                ((self.sharing.len() as u32).saturating_sub(self.guests), self.facility.in_service());
            let busy = present.min(service.workers.unwrap_or(u32::MAX).saturating_sub(apart));
            self.facility.busy.set(ctx.now, f64::from(apart + busy));
            self.facility.queue.set(ctx.now, f64::from(present - busy));
        }
        if let Some((at, epoch)) = self.sharing.next_departure() {
            ctx.future.schedule(at.max(ctx.now), Event::SharingDeparture { instance: self.id, epoch });
        }
    }

    /// One of those who share the workers, or slow each other down, is done, if that is still true.
    pub fn depart(&mut self, ctx: &mut Context, epoch: u32) -> Option<VisitId> {
        let id = self.sharing.depart(ctx.now, epoch)?;
        if ctx.visits[id].shares_workers {
            self.after_sharing_change(ctx);
        } else {
            self.guests = self.guests.saturating_sub(1);
            self.share_free_workers(ctx);
        }
        Some(id)
    }

    /// The workers that nobody has for himself are shared, however many they are now.
    pub(super) fn share_free_workers(&mut self, ctx: &mut Context) {
        let workers = self.described(ctx).workers;
        let is_still = ctx.hosts[self.id.index()].pace.is_still();
        // (The workers of guests do their share, the others that are taken do not. Who stands still does nothing.)
        let away = self.facility.in_service().saturating_sub(self.guests);
        let workers = workers.filter(|_| self.is_shared);
        let free = workers.map(|workers| workers.saturating_sub(away));
        self.sharing.resize(ctx.now, if is_still { Some(0) } else { free });
        self.after_sharing_change(ctx);
    }

    /// A visit is worked on where those at work slow each other down, by a worker of its own.
    #[inline(never)]
    pub(super) fn work_among_others(&mut self, ctx: &mut Context, id: VisitId, work: Duration) {
        // It leaves by no event of its own, and one that it had is stale.
        ctx.visits[id].next_turn();
        self.sharing.enter(ctx.now, id, work);
        self.guests += 1;
        self.share_free_workers(ctx);
    }

    /// Takes all visits out of what they share, with what is left to do for each.
    pub(super) fn take_all_out(&mut self, ctx: &Context) -> Vec<(VisitId, Duration)> {
        self.guests = 0;
        self.sharing.take_all(ctx.now)
    }

    /// Takes note of how those at work slow each other down.
    pub(super) fn change_scalability(&mut self, ctx: &mut Context) {
        let scalability = self.described(ctx).scalability.as_ref();
        let now = ctx.now;
        let before = self.sharing.scalability();
        if before == scalability {
            return;
        }
        let (was_scaled, is_scaled) = (before.is_some(), scalability.is_some());
        let scalability = scalability.cloned();
        let at_work = if is_scaled && !was_scaled { self.working_alone(ctx) } else { Vec::new() };
        let apart = if was_scaled && !is_scaled { self.take_all_out(ctx) } else { Vec::new() };
        self.sharing.set_scalability(now, scalability);
        for (id, left) in apart {
            match ctx.visits[id].shares_workers {
                true => self.sharing.enter(now, id, left),
                false => ctx.finish_after(id, left),
            }
        }
        for (id, left) in at_work {
            self.work_among_others(ctx, id, left);
        }
        self.share_free_workers(ctx);
    }

    /// Visits share the workers from now on: those that wait begin.
    pub(super) fn begin_sharing(&mut self, ctx: &mut Context) {
        self.is_shared = true;
        while let Some(id) = self.facility.turn_away(ctx.now) {
            ctx.end_wait(id);
            self.share(ctx, id);
        }
        self.share_free_workers(ctx);
    }

    /// Each visit needs a worker of its own from now on. In the order of their arrival, visits that shared the workers
    /// take one each and do what is left to do; those that find none wait, and begin anew when it is their turn.
    pub(super) fn end_sharing(&mut self, ctx: &mut Context) {
        let auth = ctx.topology.auth.as_ref().map(|auth| auth.service);
        let is_auth = auth == Some(self.service);
        let phase = if is_auth { Phase::Auth } else { Phase::Processing };
        let now = ctx.now;
        self.is_shared = false;
        self.facility.measure(now);
        for (id, left) in self.take_all_out(ctx) {
            let visit = &mut ctx.visits[id];
            if !visit.shares_workers {
                self.work_on(ctx, id, left);
                continue;
            }
            visit.shares_workers = false;
            visit.spend(phase, now);
            match self.facility.admit(now, id) {
                Entry::Started => self.work_on(ctx, id, left),
                Entry::Queued | Entry::Full => ctx.begin_wait(id),
            }
        }
        self.share_free_workers(ctx);
    }

    /// Those who share the workers, or slow each other down, stand still, go on, or have changed their pace.
    pub fn refresh_shares(&mut self, ctx: &mut Context) {
        if self.is_shared || self.sharing.scalability().is_some() {
            self.share_free_workers(ctx);
        }
    }
}
