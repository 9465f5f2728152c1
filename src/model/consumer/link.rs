//! The connection between a broker and a consumer: messages on their way to it, and what it says of them on its way back.
//!
//! Consumers that belong to no service are beside their broker. The others are as far away as the network says. What is sent
//! arrives in order, since it goes over one connection; when nothing passes, nothing is lost either before the
//! connection is given up: whatever was under way is sent again once it passes.

use std::collections::VecDeque;

use super::{
    super::{
        broker::{Brokers, Message},
        context::Context,
        event::{Event, OverLink},
        network::{Place, Trip},
        topology::{ConsumerId, Hop, MemberId},
    },
    Delivery, Work,
};
use crate::engine::time::{Duration, SimTime};

/// What a consumer says of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is done with it.
    Acknowledged,
    /// It has failed, and wants it to be put back.
    PutBack,
    /// It has failed, and does not want to see it again.
    Rejected,
}

/// What a consumer has said of a message, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub verdict: Verdict,
    pub at: SimTime,
}

/// The state of a connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Link {
    phase: Phase,
    /// Messages on their way to the consumer.
    on_way: usize,
    /// When the latest of them gets there.
    latest_out: SimTime,
    /// What the consumer has said and the broker has not heard.
    words: VecDeque<Said>,
    /// When the latest of that gets there.
    latest_back: SimTime,
    /// Recognises messages that have been taken back on their way.
    out_turn: u32,
    /// Recognises words of a connection that is no more.
    back_turn: u32,
    /// Whether the consumer knows nothing of the connection, since its process has died.
    is_forgotten: bool,
}

/// How far a connection is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    /// Messages pass.
    #[default]
    Open,
    /// Nothing passes, and the broker will give it up.
    Stalled,
    /// The consumer's process has died, and the broker will hear of it.
    Ending,
    /// The broker has given it up, and there is no way for a new one.
    Closed,
    /// The broker has closed it, and the consumer will make a new one after a while.
    Away,
}

impl Link {
    /// Whether the broker believes that there is a consumer.
    pub fn is_there(&self) -> bool {
        !matches!(self.phase, Phase::Closed | Phase::Away)
    }

    /// Of how many messages word is on its way.
    pub fn words(&self) -> usize {
        self.words.len()
    }

    /// By what an event is recognised that is not stale.
    fn turn_of(&self, what: OverLink) -> u32 {
        if what == OverLink::Delivered { self.out_turn } else { self.back_turn }
    }

    /// Whatever is under way is stale.
    fn next_turns(&mut self) {
        (self.out_turn, self.back_turn) = (self.out_turn.wrapping_add(1), self.back_turn.wrapping_add(1));
    }

    /// The moment at which something sent now arrives that takes so long, behind what was sent before.
    fn behind(latest: &mut SimTime, at: SimTime) -> SimTime {
        *latest = at.max(*latest);
        *latest
    }
}

impl Brokers {
    fn ends(&self, ctx: &Context, consumer: ConsumerId) -> Option<[Place; 2]> {
        let described = &ctx.topology.consumers[consumer.index()];
        Some([Place::member(self.connected_to(ctx, consumer)), Place::instance(described.instance?)])
    }

    /// The node to which a consumer is connected. (If that is down, it is the one that serves its queue.)
    pub(in super::super) fn connected_to(&self, ctx: &Context, consumer: ConsumerId) -> MemberId {
        let described = &ctx.topology.consumers[consumer.index()];
        let own = described.member.filter(|&member| ctx.health(ctx.topology.member_component(member)).is_up());
        own.unwrap_or(self.queues[described.queue.index()].leader)
    }

    /// What becomes of something sent between a broker and a consumer, one way or the other.
    fn travel(&self, ctx: &mut Context, consumer: ConsumerId) -> Trip {
        let Some([broker, consumer]) = self.ends(ctx, consumer) else { return Trip::Arrived };
        ctx.network.travel(&[Hop::ServiceBroker], broker, consumer)
    }

    fn is_cut_off(&self, ctx: &Context, consumer: ConsumerId) -> bool {
        self.ends(ctx, consumer).is_some_and(|[broker, consumer]| ctx.network.partitions.separate(broker, consumer))
    }

    fn schedule(&mut self, ctx: &mut Context, consumer: ConsumerId, at: SimTime, what: OverLink) {
        let turn = self.consumers[consumer.index()].link.turn_of(what);
        ctx.future.schedule(at, Event::Link { consumer, turn, what });
    }

    /// A broker sends a message to a consumer.
    pub(in super::super) fn send_to(&mut self, ctx: &mut Context, consumer: ConsumerId, message: Message) {
        self.consumers[consumer.index()].unacked.push_back(Delivery { message, at: ctx.now });
        self.watch(ctx, consumer);
        self.put_on_way(ctx, consumer);
        self.refresh_consumer(ctx, consumer);
    }

    /// The next message is on its way to a consumer.
    fn put_on_way(&mut self, ctx: &mut Context, consumer: ConsumerId) {
        self.consumers[consumer.index()].link.on_way += 1;
        if self.consumers[consumer.index()].link.phase != Phase::Open {
            return;
        }
        let time = match self.travel(ctx, consumer) {
            Trip::Arrived if self.consumers[consumer.index()].link.on_way == 1 => {
                return self.on_delivered(ctx, consumer);
            }
            Trip::Arrived => Duration::ZERO,
            Trip::Takes(time) => time,
            Trip::Fails(after) => return self.stall(ctx, consumer, after),
        };
        let at = Link::behind(&mut self.consumers[consumer.index()].link.latest_out, ctx.now + time);
        self.schedule(ctx, consumer, at, OverLink::Delivered);
    }

    /// A message has reached a consumer.
    fn on_delivered(&mut self, ctx: &mut Context, consumer: ConsumerId) {
        let state = &mut self.consumers[consumer.index()];
        state.link.on_way -= 1;
        state.held += 1;
        self.consume_next(ctx, consumer);
    }

    /// A consumer tells its broker what became of a message.
    pub(super) fn send_back(&mut self, ctx: &mut Context, consumer: ConsumerId, said: Said) {
        let link = &mut self.consumers[consumer.index()].link;
        let is_next = link.words.is_empty();
        if link.phase != Phase::Open {
            return link.words.push_back(said);
        }
        let time = match self.travel(ctx, consumer) {
            Trip::Arrived if is_next => return self.settle(ctx, consumer, said),
            Trip::Arrived => Duration::ZERO,
            Trip::Takes(time) => time,
            Trip::Fails(after) => {
                self.consumers[consumer.index()].link.words.push_back(said);
                return self.stall(ctx, consumer, after);
            }
        };
        self.consumers[consumer.index()].link.words.push_back(said);
        self.schedule_word(ctx, consumer, time);
    }

    /// The latest word of a consumer gets to its broker after so long, or behind those before.
    fn schedule_word(&mut self, ctx: &mut Context, consumer: ConsumerId, time: Duration) {
        let at = Link::behind(&mut self.consumers[consumer.index()].link.latest_back, ctx.now + time);
        self.schedule(ctx, consumer, at, OverLink::Settled);
    }

    /// Something that was under way between a broker and a consumer has arrived, or will not.
    pub fn on_link(&mut self, ctx: &mut Context, consumer: ConsumerId, turn: u32, what: OverLink) {
        let link = &mut self.consumers[consumer.index()].link;
        if turn != link.turn_of(what) {
            return;
        }
        match what {
            OverLink::Delivered => return self.on_delivered(ctx, consumer),
            OverLink::Settled => {
                let Some(said) = link.words.pop_front() else { return };
                self.settle(ctx, consumer, said);
            }
            OverLink::Lost => {
                let count = self.consumers[consumer.index()].unacked.len();
                self.begin_anew(ctx, consumer);
                self.take_back(ctx, consumer, count);
            }
            OverLink::Back => {
                link.phase = Phase::Closed;
                self.begin_anew(ctx, consumer);
            }
        }
        self.refresh_consumer(ctx, consumer);
        self.stir(ctx, ctx.topology.consumers[consumer.index()].queue);
    }

    /// The connection of a consumer is no more. There will be a new one as soon as there is a way; what the consumer is at it
    /// finishes, but nobody will hear of it.
    pub(super) fn begin_anew(&mut self, ctx: &mut Context, consumer: ConsumerId) {
        let is_cut_off = self.is_cut_off(ctx, consumer);
        let state = &mut self.consumers[consumer.index()];
        // (Who is away has nothing.)
        if state.link.phase == Phase::Away {
            return;
        }
        state.held = 0;
        if state.work.is_some() {
            state.work = Some(Work::InVain);
        }
        let link = &mut state.link;
        link.words.clear();
        link.on_way = 0;
        link.is_forgotten = false;
        link.phase = if is_cut_off { Phase::Closed } else { Phase::Open };
        link.next_turns();
        self.refresh_consumer(ctx, consumer);
    }

    /// The broker closes the connection of a consumer, and takes back what it had. It is there again after a while.
    pub(in super::super) fn close(&mut self, ctx: &mut Context, consumer: ConsumerId) {
        if self.consumers[consumer.index()].link.phase == Phase::Away {
            return;
        }
        self.begin_anew(ctx, consumer);
        let queue = ctx.topology.consumers[consumer.index()].queue;
        let broker = &ctx.topology.brokers[ctx.topology.queues[queue.index()].broker.index()];
        let state = &mut self.consumers[consumer.index()];
        state.link.phase = Phase::Away;
        let back = ctx.now + broker.reconnect.sample(&mut state.returns);
        let count = state.unacked.len();
        self.schedule(ctx, consumer, back, OverLink::Back);
        self.refresh_consumer(ctx, consumer);
        self.take_back(ctx, consumer, count);
    }

    /// Nothing passes between a broker and a consumer. The broker gives the connection up when it has heard nothing for the time
    /// of its heartbeat, or, where there is a way, when a message has been lost too often.
    fn stall(&mut self, ctx: &mut Context, consumer: ConsumerId, lost_after: Duration) {
        let queue = ctx.topology.consumers[consumer.index()].queue;
        let heartbeat = ctx.topology.brokers[ctx.topology.queues[queue.index()].broker.index()].heartbeat;
        let after = if self.is_cut_off(ctx, consumer) { heartbeat } else { lost_after };
        let link = &mut self.consumers[consumer.index()].link;
        link.phase = Phase::Stalled;
        link.next_turns();
        self.schedule(ctx, consumer, ctx.now + after, OverLink::Lost);
    }

    /// The process of a consumer has died. Its machine closes the connection, and the broker learns that behind all that the
    /// consumer had said before.
    pub(super) fn hang_up(&mut self, ctx: &mut Context, consumer: ConsumerId) {
        if self.consumers[consumer.index()].unacked.is_empty() {
            return;
        }
        match self.consumers[consumer.index()].link.phase {
            Phase::Open => self.end(ctx, consumer),
            Phase::Stalled => self.forget(consumer),
            Phase::Ending | Phase::Closed | Phase::Away => {}
        }
    }

    /// A consumer that has died knows nothing of what it was sent.
    fn forget(&mut self, consumer: ConsumerId) {
        let state = &mut self.consumers[consumer.index()];
        state.held = 0;
        state.link.is_forgotten = true;
    }

    /// The end of a connection travels to the broker. (If that takes no time, the messages go back at once with the rest.)
    fn end(&mut self, ctx: &mut Context, consumer: ConsumerId) {
        let is_next = self.consumers[consumer.index()].link.words.is_empty();
        let time = match self.travel(ctx, consumer) {
            Trip::Arrived if is_next => return,
            Trip::Arrived => Duration::ZERO,
            Trip::Takes(time) => time,
            Trip::Fails(after) => {
                self.forget(consumer);
                return self.stall(ctx, consumer, after);
            }
        };
        self.forget(consumer);
        let link = &mut self.consumers[consumer.index()].link;
        link.phase = Phase::Ending;
        link.out_turn = link.out_turn.wrapping_add(1);
        let at = Link::behind(&mut link.latest_back, ctx.now + time);
        self.schedule(ctx, consumer, at, OverLink::Lost);
    }

    /// A consumer that stops gives back all but what it is at. The word of that takes no time, but it needs a way.
    pub(super) fn hand_back(&mut self, ctx: &mut Context, consumer: ConsumerId) {
        let state = &mut self.consumers[consumer.index()];
        if state.link.phase != Phase::Open {
            return;
        }
        let count = state.held + state.link.on_way;
        state.held = 0;
        state.link.on_way = 0;
        state.link.out_turn = state.link.out_turn.wrapping_add(1);
        self.take_back(ctx, consumer, count);
    }

    /// Partitions have begun or ended: leaders may have changed, connections stall, go on, or are made anew.
    pub fn on_partition(&mut self, ctx: &mut Context) {
        self.on_parted_members(ctx);
        for consumer in (0..self.consumers.len() as u32).map(ConsumerId) {
            let is_cut_off = self.is_cut_off(ctx, consumer);
            match self.consumers[consumer.index()].link.phase {
                Phase::Open if is_cut_off => self.stall(ctx, consumer, Duration::ZERO),
                Phase::Stalled if !is_cut_off => self.go_on_over(ctx, consumer),
                Phase::Closed if !is_cut_off => {
                    self.begin_anew(ctx, consumer);
                    self.stir(ctx, ctx.topology.consumers[consumer.index()].queue);
                }
                _ => {}
            }
        }
    }

    /// Messages pass again over a connection that had stalled: what was under way is sent once more. If the consumer's process
    /// has died meanwhile, its machine answers that it knows of no connection.
    fn go_on_over(&mut self, ctx: &mut Context, consumer: ConsumerId) {
        let queue = ctx.topology.consumers[consumer.index()].queue;
        let link = &mut self.consumers[consumer.index()].link;
        link.back_turn = link.back_turn.wrapping_add(1);
        link.phase = Phase::Open;
        if link.is_forgotten {
            let count = self.consumers[consumer.index()].unacked.len();
            self.begin_anew(ctx, consumer);
            self.take_back(ctx, consumer, count);
        } else {
            self.send_again(ctx, consumer);
        }
        self.consume_next(ctx, consumer);
        self.stir(ctx, queue);
    }

    fn send_again(&mut self, ctx: &mut Context, consumer: ConsumerId) {
        let link = &mut self.consumers[consumer.index()].link;
        let (words, on_way) = (std::mem::take(&mut link.words), std::mem::take(&mut link.on_way));
        words.into_iter().for_each(|said| self.send_back(ctx, consumer, said));
        (0..on_way).for_each(|_| self.put_on_way(ctx, consumer));
        if !self.is_consumer_up(ctx, consumer) {
            self.hand_back(ctx, consumer);
        }
    }
}
