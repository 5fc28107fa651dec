//! The vocabulary of training: what the words in a metric's name say about it.

use super::metric::{Direction, Unit};

const DOWN: &[&str] = &[
    "loss",
    "losses",
    "mae",
    "mse",
    "rmse",
    "mape",
    "smape",
    "msle",
    "rmsle",
    "perplexity",
    "ppl",
    "error",
    "err",
    "errors",
    "wer",
    "cer",
    "fid",
    "kid",
    "fvd",
    "nll",
    "bpb",
    "bpc",
    "bpd",
    "bce",
    "ce",
    "crossentropy",
    "logloss",
    "brier",
    "ece",
    "lpips",
    "mpjpe",
    "ade",
    "fde",
    "epe",
    "eer",
    "ter",
    "regret",
    "nrmse",
];

/// Better when they are higher, and shares of a whole.
const UP_FRACTIONS: &[&str] = &[
    "accuracy",
    "acc",
    "f1",
    "fscore",
    "fbeta",
    "precision",
    "recall",
    "auroc",
    "auc",
    "rocauc",
    "auprc",
    "prauc",
    "map",
    "mar",
    "ap",
    "ar",
    "miou",
    "iou",
    "dice",
    "jaccard",
    "hits",
    "hit",
    "sensitivity",
    "specificity",
    "success",
    "winrate",
    "top1",
    "top5",
    "pck",
    "pq",
];

/// Better when they are higher, on a scale of their own.
const UP_OTHERS: &[&str] = &[
    "giou",
    "r2",
    "bleu",
    "sacrebleu",
    "rouge",
    "rougel",
    "rougelsum",
    "meteor",
    "chrf",
    "cider",
    "psnr",
    "ssim",
    "msssim",
    "reward",
    "rewards",
    "return",
    "returns",
    "mrr",
    "ndcg",
    "mcc",
    "kappa",
    "spearman",
    "pearson",
];

/// Last words after which a name is about something else than the quantity in it: `loss_scale`.
const ABOUT: &[&str] = &[
    "scale",
    "scaler",
    "weight",
    "weights",
    "coef",
    "coefficient",
    "coeff",
    "threshold",
    "time",
    "duration",
    "norm",
    "grad",
    "lr",
    "smoothing",
    "count",
    "var",
    "variance",
    "std",
    "beta",
    "alpha",
    "lambda",
    "factor",
    "thresh",
    "seconds",
    "rank",
    "size",
    "samples",
    "steps",
];

/// Better when they are lower, and shares of a whole.
const DOWN_FRACTIONS: &[&str] = &["wer", "cer", "eer"];

/// What a quantity is about, as far as charts are put in order by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    LearningRate,
    /// The size of gradients.
    Gradient,
    Throughput,
    /// The machine: its processors, its memory.
    System,
    Other,
}

const THROUGHPUT: &[&str] = &["throughput", "fps", "tps", "sps", "mfu", "tflops"];

/// What is done `per second`.
const PIECES: &[&str] = &[
    "samples",
    "tokens",
    "images",
    "steps",
    "iterations",
    "it",
    "batches",
    "examples",
    "frames",
];

const SECONDS: &[&str] = &["s", "sec", "secs", "second", "seconds"];

const SYSTEM: &[&str] = &[
    "gpu",
    "cpu",
    "memory",
    "mem",
    "ram",
    "vram",
    "disk",
    "network",
    "power",
    "temp",
    "temperature",
    "utilization",
    "util",
    "system",
    "sys",
    "swap",
    "cuda",
];

/// Words whose usual spelling is not a capital letter and small ones.
const SPELLING: &[(&str, &str)] = &[
    ("acc", "Accuracy"),
    ("ap", "AP"),
    ("ar", "AR"),
    ("auc", "AUC"),
    ("auprc", "AUPRC"),
    ("auroc", "AUROC"),
    ("bce", "BCE"),
    ("bleu", "BLEU"),
    ("bpb", "BPB"),
    ("bpc", "BPC"),
    ("ce", "CE"),
    ("cer", "CER"),
    ("cpu", "CPU"),
    ("ece", "ECE"),
    ("ema", "EMA"),
    ("fid", "FID"),
    ("fps", "FPS"),
    ("gb", "GB"),
    ("giou", "GIoU"),
    ("gpu", "GPU"),
    ("io", "I/O"),
    ("iou", "IoU"),
    ("kl", "KL"),
    ("lpips", "LPIPS"),
    ("lr", "Learning Rate"),
    ("mae", "MAE"),
    ("map", "mAP"),
    ("mape", "MAPE"),
    ("mar", "mAR"),
    ("mb", "MB"),
    ("mcc", "MCC"),
    ("miou", "mIoU"),
    ("mrr", "MRR"),
    ("mse", "MSE"),
    ("ndcg", "NDCG"),
    ("nll", "NLL"),
    ("ppl", "Perplexity"),
    ("psnr", "PSNR"),
    ("ram", "RAM"),
    ("rmse", "RMSE"),
    ("rouge", "ROUGE"),
    ("ssim", "SSIM"),
    ("wer", "WER"),
];

/// The words of a name in small letters: `mAP_50` → `map`, `50`.
pub(super) fn tokens(name: &str) -> Vec<String> {
    pieces(name).map(str::to_lowercase).collect()
}

/// The long form of a short word, so that equal quantities are found under both names.
pub(super) fn expand(token: &str) -> &str {
    match token {
        "acc" => "accuracy",
        "ppl" => "perplexity",
        "lr" => "learning rate",
        "auc" => "auroc",
        other => other,
    }
}

/// Which way is better for a quantity of these words. Of several that tell, the last counts.
pub(super) fn direction(tokens: &[String]) -> Direction {
    if tokens
        .last()
        .is_some_and(|last| ABOUT.contains(&last.as_str()))
    {
        return Direction::Unknown;
    }
    for token in tokens.iter().rev() {
        if known(DOWN, token) {
            return Direction::Down;
        }
        if known(UP_FRACTIONS, token) || known(UP_OTHERS, token) {
            return Direction::Up;
        }
    }
    let joined = tokens.join("");
    match joined.as_str() {
        "exactmatch" | "winrate" | "score" | "episodereturn" => Direction::Up,
        "bitsperbyte" | "bitsperdim" => Direction::Down,
        _ => Direction::Unknown,
    }
}

/// What a quantity is about, judged by its canonical name.
pub(super) fn topic(canonical: &str) -> Topic {
    let words = || canonical.split(' ');
    let any = |list: &[&str]| words().any(|word| list.contains(&word));
    if canonical.contains("learning rate") {
        return Topic::LearningRate;
    }
    let norm = words().any(|word| word.starts_with("norm") || word == "gradnorm");
    if norm && words().any(|word| word.starts_with("grad")) {
        return Topic::Gradient;
    }
    let per_second = any(PIECES) && (any(&["per"]) || any(SECONDS));
    if any(THROUGHPUT) || per_second {
        return Topic::Throughput;
    }
    if any(SYSTEM) {
        return Topic::System;
    }
    Topic::Other
}

/// The unit in which people read a quantity of this name.
pub(super) fn unit(name: &str) -> Unit {
    let tokens = tokens(name);
    let last = tokens
        .iter()
        .rev()
        .find(|token| !token.bytes().all(|b| b.is_ascii_digit()));
    let Some(last) = last else { return Unit::Plain };
    let a_rate = tokens.iter().any(|token| token == "per");
    let of_time =
        |token: &String| matches!(token.as_str(), "duration" | "time" | "elapsed" | "latency");
    let in_seconds = matches!(last.as_str(), "s" | "sec" | "secs" | "seconds");
    if !a_rate && (last == "duration" || in_seconds && tokens.iter().any(of_time)) {
        return Unit::Seconds;
    }
    if ABOUT.contains(&last.as_str()) {
        return Unit::Plain;
    }
    let about_loss = tokens.iter().any(|token| token == "loss" || token == "r2");
    if !about_loss
        && tokens
            .iter()
            .any(|token| known(UP_FRACTIONS, token) || known(DOWN_FRACTIONS, token))
    {
        return Unit::Fraction;
    }
    Unit::Plain
}

/// The words of a name as people write them.
pub(super) fn labels(name: &str) -> Vec<String> {
    let mut labels: Vec<String> = pieces(name).map(label).collect();
    // `duration_s`: the unit stands behind the value already.
    if labels.len() > 1 && unit(name) == Unit::Seconds && labels.last().is_some_and(|l| l == "S") {
        labels.pop();
    }
    labels
}

fn label(piece: &str) -> String {
    let small = piece.to_lowercase();
    if piece == small
        && let Some((_, spelling)) = SPELLING.iter().find(|(word, _)| *word == small)
    {
        return (*spelling).to_owned();
    }
    if piece.chars().any(char::is_uppercase) {
        return piece.to_owned();
    }
    let mut chars = piece.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// A word counts with a number behind it as well: `ap50`, `rouge1`, `bleu4`.
fn known(list: &[&str], token: &str) -> bool {
    list.contains(&token) || list.contains(&token.trim_end_matches(|c: char| c.is_ascii_digit()))
}

fn pieces(name: &str) -> impl Iterator<Item = &str> {
    name.split(['/', '.', '_', '-', ' ', '@', ':', '(', ')'])
        .filter(|piece| !piece.is_empty())
}
