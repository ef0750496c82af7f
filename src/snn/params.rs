//! The parameters of a network.

/// All weights and biases of a network in one vector; [`Layer`](super::Layer) says where each lies. Gradients have the
/// same shape, and so have directions of a landscape and the moments of an optimiser.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params(pub Vec<f32>);

impl Params {
    /// A fingerprint of the bits (FNV-1a, 64 bits): equal for runs that agree bit for bit. It tells 0 from −0.
    pub fn digest(&self) -> u64 {
        let bytes = self.0.iter().flat_map(|p| p.to_bits().to_le_bytes());
        bytes.fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_sees_every_bit() {
        let a = Params(vec![0.0, 1.0]);
        assert_ne!(a.digest(), Params(vec![-0.0, 1.0]).digest());
        assert_ne!(a.digest(), Params(vec![1.0, 0.0]).digest());
        assert_eq!(a.digest(), a.clone().digest());
    }
}
