//! The servers of a group, as the instances of a service.

use super::{THINGS_MAX, notes::Notes};
use crate::config::schema::ServiceConfig;

/// A server, with what the instances of a service have alike.
#[derive(Debug)]
pub struct Member<A> {
    /// The line in which it stands.
    pub line: usize,
    pub weight: f64,
    pub is_backup: bool,
    pub alike: A,
}

/// Makes servers the instances of a service, those in reserve last. What all instances have alike is that of the first server,
/// which is returned; `None` if there is none.
pub fn take<A: Copy + PartialEq>(
    service: &mut ServiceConfig,
    mut members: Vec<Member<A>>,
    (line, alike_names): (usize, &str),
    notes: &mut Notes,
) -> Option<A> {
    if members.len() > THINGS_MAX {
        notes.at(line, format!("of {} servers the first {THINGS_MAX} are taken over", members.len()));
        members.truncate(THINGS_MAX);
    }
    let alike = members.first()?.alike;
    for member in members.iter().filter(|member| member.alike != alike) {
        notes.at(member.line, format!("{alike_names} are those of the first server for all"));
    }
    // (A backup that nobody stands before is a server like others.)
    let backups = members.iter().filter(|member| member.is_backup).count();
    service.backups = if backups < members.len() { backups as u32 } else { 0 };
    members.sort_by_key(|member| member.is_backup);
    service.instances = members.len() as u32;
    service.weights = members.iter().map(|member| member.weight).collect();
    let first = members.len() - service.backups as usize;
    if service.weights[..first].iter().all(|weight| *weight == 0.0) {
        notes.at(members[0].line, "where no server has a weight above 0, each has 1");
        service.weights = vec![1.0];
    }
    if service.weights.iter().all(|weight| *weight == service.weights[0]) {
        service.weights = vec![1.0];
    }
    Some(alike)
}
