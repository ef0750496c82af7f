//! The instruction set that the kernels are compiled for, chosen at run time.
//!
//! The kernels are plain loops over fixed [blocks of lanes](super::lanes), without fused multiply-add and with every sum in
//! a fixed order, so each instruction set gives the same bits; a wider one is only faster.

/// An instruction set that this machine has.
#[derive(Clone, Copy, Debug)]
pub struct Isa(InstructionSet);

#[derive(Clone, Copy, Debug)]
enum InstructionSet {
    /// The target's own: SSE2 on x86-64, NEON on AArch64.
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2(pulp::x86::V3),
    #[cfg(target_arch = "x86_64")]
    Avx512(pulp::x86::V4),
}

impl Isa {
    /// The widest one of this machine.
    pub fn best() -> Self {
        Self::available().pop().expect("the portable one is always there")
    }

    /// All that this machine has, the portable one first, the widest last.
    pub fn available() -> Vec<Self> {
        let mut all = vec![InstructionSet::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            all.extend(pulp::x86::V3::try_new().map(InstructionSet::Avx2));
            all.extend(pulp::x86::V4::try_new().map(InstructionSet::Avx512));
        }
        all.into_iter().map(Self).collect()
    }

    /// Its name, to be shown.
    pub fn name(self) -> &'static str {
        match self.0 {
            InstructionSet::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2(_) => "AVX2",
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512(_) => "AVX-512",
        }
    }

    /// Runs `work` compiled for this instruction set.
    ///
    /// Only code that is inlined into `work` gains from it, so callers write `#[inline(always)]` before the closure and
    /// the kernels are marked likewise.
    #[inline(always)]
    pub fn run<R>(self, work: impl FnOnce() -> R) -> R {
        match self.0 {
            InstructionSet::Portable => work(),
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2(simd) => simd.vectorize(Vectorised(work)),
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512(simd) => simd.vectorize(Vectorised(work)),
        }
    }
}

/// A closure that is always inlined: one that is not would be compiled without the wider instructions.
#[cfg(target_arch = "x86_64")]
struct Vectorised<F>(F);

#[cfg(target_arch = "x86_64")]
impl<R, F: FnOnce() -> R> pulp::NullaryFnOnce for Vectorised<F> {
    type Output = R;

    #[inline(always)]
    fn call(self) -> R {
        (self.0)()
    }
}
