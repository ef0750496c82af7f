use super::*;
use crate::record::tensors::bytes;
use crate::snn::text::parse;
use crate::task::mutation::try_many;

const CONV: &str = "2x6x6 - conv3k3 - avg2 - flatten - fc4";

fn conv() -> Network {
    parse(CONV).unwrap()
}

/// Parameters that all differ, and the file of them.
fn filled(net: &Network) -> (Params, Vec<u8>) {
    let mut params = net.zero_params();
    for layer in net.layers.iter().filter(|layer| layer.has_weights()) {
        let weights = layer.filters() * layer.fan_in();
        layer.import_weights(&mut params, (0..weights).map(|n| n as f32 / 8.0 - 3.0));
        params.0[layer.biases()][..layer.filters()].iter_mut().zip(1..).for_each(|(b, n)| *b = n as f32);
    }
    let file = to_safetensors(net, &params, &Settings::default(), 7).unwrap();
    (params, file)
}

/// A tensor by name, type, shape and bytes.
type Tensor<'a> = (&'a str, Dtype, Vec<usize>, Vec<u8>);

fn file(tensors: &[Tensor]) -> Vec<u8> {
    let view = |(name, dtype, shape, bytes)| (name, TensorView::new(dtype, shape, bytes).unwrap());
    safetensors::serialize(tensors.iter().map(|(n, d, s, b)| view((*n, *d, s.clone(), b))), None).unwrap()
}

/// A file of one layer, `3 - fc2`, with these weights as 32-bit floats.
fn small(name: &str, weights: [f32; 6]) -> Vec<u8> {
    file(&[(name, Dtype::F32, vec![2, 3], bytes(weights))])
}

fn refusal(bytes: &[u8], net: &str) -> String {
    from_safetensors("f", bytes, &parse(net).unwrap()).unwrap_err()
}

#[test]
fn tensors_have_the_names_and_shapes_of_a_sequential() {
    let (_, file) = filled(&conv());
    let read = SafeTensors::deserialize(&file).unwrap();
    let mut names = read.names();
    names.sort();
    assert_eq!(names, ["0.bias", "0.weight", "3.bias", "3.weight"]);
    let shape = |name| read.tensor(name).unwrap().shape().to_vec();
    assert_eq!(["0.weight", "3.weight"].map(shape), [vec![3, 2, 3, 3], vec![4, 27]]);
    assert_eq!(["0.bias", "3.bias"].map(shape), [vec![3], vec![4]]);
    // as files have them, the kernel not turned
    assert_eq!(read.tensor("0.weight").unwrap().data(), bytes((0..54).map(|n| n as f32 / 8.0 - 3.0)));
    assert_eq!(read.tensor("3.bias").unwrap().data(), bytes([1.0, 2.0, 3.0, 4.0]));

    let (_, header) = SafeTensors::read_metadata(&file).unwrap();
    assert_eq!(header.metadata().as_ref().unwrap().len(), 1);
}

#[test]
fn what_is_written_is_read_as_the_same() {
    for text in [CONV, "3 - fc2", "2x7x5 - conv9k3 - max2 - conv8k1 - flatten - fc17 - fc3"] {
        let net = parse(text).unwrap();
        let (params, file) = filled(&net);
        assert_eq!(from_safetensors("f", &file, &net).unwrap(), params, "{text}");
    }
}

#[test]
fn a_file_says_what_made_it() {
    let made = made_by("f", &filled(&conv()).1).unwrap().unwrap();
    assert_eq!((made.update, made.version.as_str()), (7, env!("CARGO_PKG_VERSION")));
    assert_eq!(Settings::from_toml("a", &made.settings), Ok(Settings::default()));
    assert_eq!(made_by("f", &small("0.weight", [0.0; 6])), Ok(None));
    for (text, what) in [
        ("{", "EOF"),
        ("{\"update\": -1}", "update: invalid value: integer `-1`"),
        ("{\"update\": 1, \"version\": \"1\"}", "missing field `settings`"),
    ] {
        let metadata = HashMap::from([(MADE_BY.to_owned(), text.to_owned())]);
        let none: [(&str, TensorView); 0] = [];
        let message = made_by("f", &safetensors::serialize(none, Some(metadata)).unwrap()).unwrap_err();
        assert!(message.starts_with("f, metadata spikescape: ") && message.contains(what), "{message}");
    }
}

#[test]
fn state_dicts_from_elsewhere_are_read() {
    let net = parse("3 - fc2").unwrap();
    let weights = [0.5, -1.0, 2.0, 0.0, 4.0, -0.25];
    let mut wanted = net.zero_params();
    net.layers[0].import_weights(&mut wanted, weights);
    let read = |bytes: &[u8]| from_safetensors("f", bytes, &net).unwrap();
    for name in ["0.weight", "model.0.weight", "a.net.0.weight"] {
        assert_eq!(read(&small(name, weights)), wanted, "a missing bias is zero");
    }
    let half = weights.iter().flat_map(|&w| half::f16::from_f32(w).to_le_bytes()).collect::<Vec<_>>();
    let brain = weights.iter().flat_map(|&w| half::bf16::from_f32(w).to_le_bytes()).collect::<Vec<_>>();
    let double = weights.iter().flat_map(|&w| f64::from(w).to_le_bytes()).collect::<Vec<_>>();
    for (dtype, bytes) in [(Dtype::F16, half), (Dtype::BF16, brain), (Dtype::F64, double)] {
        assert_eq!(read(&file(&[("0.weight", dtype, vec![2, 3], bytes)])), wanted, "{dtype}");
    }
    let checkpoint = file(&[
        ("0.weight", Dtype::F32, vec![2, 3], bytes(weights)),
        ("0.bias", Dtype::F32, vec![2], bytes([0.0, 0.0])),
        ("optimiser.0.weight", Dtype::I64, vec![1], vec![0; 8]),
    ]);
    assert_eq!(read(&checkpoint), wanted);
}

#[test]
fn what_does_not_fit_the_network_is_named() {
    assert_eq!(
        refusal(&small("model.0.weight", [0.0; 6]), "4 - fc2"),
        "f, tensor model.0.weight: its shape is [2, 3], but [2, 4] is expected; the network is `4 - fc2`."
    );
    assert_eq!(
        refusal(&small("m.0.weight", [0.0; 6]), "3 - fc2 - fc5"),
        "f: there is no tensor m.1.weight of the shape [5, 2] for `fc5`; no other tensor is left in the file; the \
         network is `3 - fc2 - fc5`, and the name of a tensor begins with the number of its layer, from 0, layers \
         without weights counted too."
    );
    let message = refusal(&small("2.weight", [0.0; 6]), "3 - fc2");
    assert!(message.contains("no tensor 0.weight") && message.contains("left in the file are 2.weight [2, 3]"));
    let (_, conv) = filled(&conv());
    let message = refusal(&conv, "2x6x6 - conv3k3 - flatten - fc4");
    assert!(message.contains("no tensor 2.weight of the shape [4, 108] for `fc4`"), "{message}");
    let extra = file(&[
        ("0.weight", Dtype::F32, vec![2, 3], vec![0; 24]),
        ("1.beta", Dtype::F32, vec![], vec![0; 4]),
        ("2.beta", Dtype::F32, vec![], vec![0; 4]),
    ]);
    let message = refusal(&extra, "3 - fc2");
    let start = "f, tensor 1.beta: nothing is expected under this name, its shape is [] (1 more are left over, too); \
                 the network is `3 - fc2`;";
    assert!(message.starts_with(start), "{message}");
}

#[test]
fn what_is_no_weight_is_named() {
    let mut weights = [0.0; 6];
    for (wrong, shown) in [(f32::NAN, "NaN"), (f32::NEG_INFINITY, "-inf")] {
        weights[4] = wrong;
        let message = refusal(&small("0.weight", weights), "3 - fc2");
        assert!(message.starts_with(&format!("f, tensor 0.weight: entry 4 (from 0, row by row) is {shown},")));
    }
    let large = file(&[("0.weight", Dtype::F64, vec![1, 1], 1e39f64.to_le_bytes().to_vec())]);
    assert!(refusal(&large, "1 - fc1").contains("entry 0 (from 0, row by row) is 1000000"));
    let whole = file(&[("0.weight", Dtype::I32, vec![1, 1], vec![0; 4])]);
    assert!(refusal(&whole, "1 - fc1").contains("numbers are of the type I32; F32, F64, F16 and BF16 are read"));
}

#[test]
fn other_files_are_told_apart() {
    for pickle in [&b"PK\x03\x04rest"[..], b"\x80\x02\x8a\x0a"] {
        let message = from_safetensors("w.pt", pickle, &conv()).unwrap_err();
        let line = "safetensors.torch.save_file(torch.load(\"w.pt\", map_location=\"cpu\", weights_only=True), \
                    \"weights.safetensors\").";
        assert!(message.starts_with("w.pt is a PyTorch file") && message.ends_with(line), "{message}");
        assert_eq!(made_by("w.pt", pickle).unwrap_err(), message);
    }
    let (_, good) = filled(&conv());
    for bytes in [&b""[..], b"text that goes on", &good[..good.len() - 1], &[&good[..], b"x"].concat()] {
        assert!(refusal(bytes, CONV).starts_with("f is not a whole safetensors file ("));
        assert!(made_by("f", bytes).is_err());
    }
}

/// What a header promises, the length of itself or of a tensor, is compared with the file before memory is asked for:
/// else these would end the program.
#[test]
fn what_a_header_promises_is_not_believed() {
    let file = |json: &str| [&(json.len() as u64).to_le_bytes(), json.as_bytes()].concat();
    let tensor = |shape: &str, end: u64| {
        file(&format!("{{\"0.weight\":{{\"dtype\":\"F32\",\"shape\":{shape},\"data_offsets\":[0,{end}]}}}}"))
    };
    let huge = 1u64 << 50;
    let long = [&(1u64 << 40).to_le_bytes()[..], b"{}"].concat();
    for bytes in [long, tensor(&format!("[{}]", huge / 4), huge), tensor(&format!("[{huge},{huge}]"), 4)] {
        assert!(refusal(&bytes, "3 - fc2").starts_with("f is not a whole safetensors file ("));
    }
}

#[test]
fn any_bytes_are_answered() {
    let net = conv();
    let (_, own) = filled(&net);
    let weights = bytes((0..54).map(|n| n as f32));
    let other = file(&[
        ("m.0.weight", Dtype::F32, vec![3, 2, 3, 3], weights),
        ("m.3.weight", Dtype::F16, vec![4, 27], vec![0; 216]),
    ]);
    try_many(&[own, other], |bytes| {
        let made = made_by("f", bytes).map(|_| ());
        let params = from_safetensors("f", bytes, &net)?;
        assert!(params.0.len() == net.len() && params.0.iter().all(|p| p.is_finite()));
        made
    });
}
