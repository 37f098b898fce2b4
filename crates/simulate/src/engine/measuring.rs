//! What is counted, window by window.

use super::Engine;
use super::counts::StationCount;
use crate::network::StationId;

impl Engine<'_> {
    /// Ends a measurement window and begins the next. When that will end, if there is one.
    pub(super) fn begin_window(&mut self, moment: f64) -> Option<f64> {
        self.now = moment;
        self.end_window();
        let next = self.window.map_or(0, |at| at + 1);
        let end = self.settings.ends.get(next)?;
        self.window = Some(next);
        self.began = moment;
        self.counts.clear();
        self.stations.iter_mut().for_each(|state| state.count = StationCount::default());
        self.add_to_sums(-moment);
        Some(self.settings.warm_up + end)
    }

    pub(super) fn end_window(&mut self) {
        self.add_to_sums(self.now);
        self.add_up_replicas();
        for scaler in &mut self.scalers {
            scaler.carried += self.stations[scaler.measured].count.busy;
        }
        let Some(window) = self.window else { return };
        self.counts.seconds = self.now - self.began;
        let all = self.stations.iter().take(self.network.stations.len());
        self.counts.stations = all.map(|state| state.count).collect();
        if self.settings.ends.len() > 1 {
            let replicas = |at: StationId| self.stations[at].replicas;
            let open = self.policies.iter().map(|policy| self.now < policy.open_until).collect();
            self.windows.push(self.counts.window(replicas, open, &self.old_left));
        }
        if (self.settings.judged.0..self.settings.judged.1).contains(&window) {
            match &mut self.judged {
                Some(judged) => judged.add(&self.counts),
                None => self.judged = Some(self.counts.clone()),
            }
        }
    }

    /// Counts the replicas at work until now, where that changes: called with 1 before it does, and with -1 when it has.
    pub(super) fn count_replicas_until_now(&mut self, sign: f64) {
        let now = self.now;
        for state in &mut self.stations {
            state.count.replicas += sign * now * state.replicas_at_work();
        }
    }

    /// Adds a moment to the sums over time for each that is at a station: its end to what is counted, taken off at its
    /// beginning.
    pub(super) fn add_to_sums(&mut self, moment: f64) {
        let now = self.now;
        for state in &mut self.stations {
            let (servers, replicas) = (state.servers(), state.replicas_at_work());
            let count = &mut state.count;
            count.waiting += moment * (state.queue.len() + state.held_calls.len()) as f64;
            count.busy += moment * f64::from(state.used);
            count.capacity += moment * servers;
            count.replicas += moment * replicas;
            if let Some(shared) = &mut state.shared {
                // Of shared cores those in use count, which `pass` has summed up since this was asked before.
                shared.pass(now);
                count.busy = std::mem::take(&mut shared.busy);
                count.waiting += std::mem::take(&mut shared.waiting);
            }
        }
    }
}
