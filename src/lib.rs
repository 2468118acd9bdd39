//! onramp: a terminal console for companies that sell connections through Megaport.

pub mod simulator;
