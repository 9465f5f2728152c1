//! A plan on its way to a study: its configurations are checked and resolved a few at a time, because ten thousand of them
//! take seconds, and a page has to stay awake.

use serde_json::Value;

use super::{
    model::Model,
    plan::{Plan, PlanError},
    selection::Selection,
    study::Study,
};

/// A plan, and those of its configurations that are ready.
#[derive(Clone, Debug)]
pub struct Preparation {
    plan: Plan,
    selection: Selection,
    /// Values of what is varied, for each configuration.
    values: Vec<Vec<Value>>,
    models: Vec<Model>,
}

impl Preparation {
    /// No configuration is ready.
    ///
    /// # Errors
    /// If the plan does not make sense.
    pub fn new(plan: &Plan) -> Result<Self, PlanError> {
        let values = plan.values()?;
        Ok(Self { selection: Selection(plan.metrics.clone()), plan: plan.clone(), values, models: Vec::new() })
    }

    /// Makes so many more configurations ready; says whether all are.
    ///
    /// # Errors
    /// If one of them is bad, or does not have a figure that is asked for.
    pub fn advance(&mut self, points: usize) -> Result<bool, PlanError> {
        let plan = &self.plan;
        let ready = self.models.len();
        for at in ready..self.values.len().min(ready.saturating_add(points)) {
            let point = plan.point(at, self.values[at].clone())?;
            let model = Model::new(&point.config)?.keep(&self.selection)?;
            self.models.push(if plan.series.is_empty() { model } else { model.record(&plan.series, plan.window())? });
        }
        Ok(self.models.len() == self.values.len())
    }

    /// The study, of the configurations that are ready.
    pub fn study(self) -> Study {
        let Plan { seed, replications, series, .. } = self.plan;
        Study { models: self.models, seed, replications, series }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_make_no_difference() {
        let text = r#"{ "systems": [{ "duration": 5,
            "users": { "all": { "arrivals": { "poisson": { "rate": 50 } }, "targets": { "Shop": 1 } } },
            "services": { "Shop": { "base_latency": "10ms" } } }],
            "vary": [{ "path": "services.Shop.instances", "from": 1, "to": 9, "steps": 9 }],
            "metrics": ["requests.total"] }"#;
        let plan = Plan::from_json(text).unwrap();
        let mut preparation = Preparation::new(&plan).unwrap();
        let ready: Vec<bool> = (0..3).map(|_| preparation.advance(4).unwrap()).collect();
        assert_eq!(ready, [false, false, true]);
        assert!(preparation.advance(4).unwrap());
        assert_eq!(format!("{:?}", preparation.study()), format!("{:?}", plan.study().unwrap()));
    }
}
