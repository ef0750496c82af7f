//! Files of weights and checkpoints, as they are named on the command line.

use std::path::Path;

use crate::file::{self, TENSOR_LIMIT};
use crate::record::weights::{self, MadeBy};
use crate::record::{Checkpoint, checkpoint};
use crate::snn::{Network, Params};

/// A safetensors file in memory.
pub struct TensorFile {
    /// What messages call it.
    pub name: String,
    bytes: Vec<u8>,
}

impl TensorFile {
    pub fn read(path: &Path) -> Result<Self, String> {
        Ok(Self { name: path.display().to_string(), bytes: file::read(path, TENSOR_LIMIT)? })
    }

    pub fn is_checkpoint(&self) -> bool {
        checkpoint::is_checkpoint(&self.bytes)
    }

    pub fn checkpoint(&self) -> Result<Checkpoint, String> {
        Checkpoint::from_bytes(&self.name, &self.bytes)
    }

    /// The weights of `net`; of a checkpoint those of its moment.
    pub fn weights(&self, net: &Network) -> Result<Params, String> {
        weights::from_safetensors(&self.name, &self.bytes, net)
    }

    /// What made the file; none where it does not say, as a state dict from elsewhere.
    pub fn made_by(&self) -> Result<Option<MadeBy>, String> {
        weights::made_by(&self.name, &self.bytes)
    }
}
