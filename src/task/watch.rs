//! stub
#[derive(Debug, Default)]
pub struct Watch;
impl Watch {
    pub fn fraction(&self) -> Option<f32> {
        None
    }
    pub fn stop(&self) {}
}
