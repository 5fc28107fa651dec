//! Names as trackers write them, and what they mean.

use super::metric::{Coordinate, Direction, Metric, Part, Role, Split, Unit};
use super::words;

use Split::{Test, Train, Val};

#[test]
fn every_spelling_of_a_split_is_found() {
    let table = [
        ("train", "loss", "loss", Some(Train)),
        ("train_loss", "value", "loss", Some(Train)),
        ("", "train.loss", "loss", Some(Train)),
        ("", "train_loss", "loss", Some(Train)),
        ("", "train/loss", "loss", Some(Train)),
        ("", "train/loss/mean", "loss", Some(Train)),
        ("train", "loss.mean", "loss", Some(Train)),
        ("train.loss", "mean", "loss", Some(Train)),
        ("train.loss", "value", "loss", Some(Train)),
        ("train/loss", "value", "loss", Some(Train)),
        ("eval", "loss", "loss", Some(Val)),
        ("", "val loss", "loss", Some(Val)),
        ("", "validation-loss", "loss", Some(Val)),
        ("", "valid_acc", "acc", Some(Val)),
        ("", "dev/loss", "loss", Some(Val)),
        ("", "loss_val", "loss", Some(Val)),
        ("", "loss/val", "loss", Some(Val)),
        ("", "valLoss", "loss", Some(Val)),
        ("", "TrainLoss", "loss", Some(Train)),
        ("", "ValF1", "F1", Some(Val)),
        ("", "valF1", "F1", Some(Val)),
        ("", "Eval/Loss", "Loss", Some(Val)),
        ("", "test.accuracy", "accuracy", Some(Test)),
        ("", "val_mAP_50", "mAP_50", Some(Val)),
        ("runs/eval", "loss", "runs/loss", Some(Val)),
        ("train", "val_loss", "train/loss", Some(Val)),
        ("", "loss", "loss", None),
        ("", "latest_loss", "latest_loss", None),
        ("", "value", "value", None),
        ("損失 loss", "value", "損失 loss", None),
        ("train", "損失", "損失", Some(Train)),
        ("batched", "value", "batched", None),
        ("", "train", "train", None),
        ("", "evaluate", "evaluate", None),
    ];
    for (stream, key, quantity, split) in table {
        let metric = Metric::parse(stream, key);
        assert_eq!(
            (metric.quantity.as_str(), metric.split),
            (quantity, split),
            "{stream:?} {key:?}"
        );
        assert_eq!(metric.role, Role::Measure, "{stream:?} {key:?}");
    }
}

#[test]
fn coordinates_are_no_metrics() {
    let (step, epoch, time) = (Coordinate::Step, Coordinate::Epoch, Coordinate::Time);
    let table = [
        ("", "step", step),
        ("", "global_step", step),
        ("", "iteration", step),
        ("train", "iter", step),
        ("", "train.step", step),
        ("", "train_step", step),
        ("", "epoch", epoch),
        ("", "train.epoch", epoch),
        ("", "train/epoch", epoch),
        ("eval", "epoch", epoch),
        ("", "_ts", time),
        ("", "timestamp", time),
        ("", "time", time),
        ("", "createdAt", time),
        ("train", "timestamp", time),
    ];
    for (stream, key, coordinate) in table {
        assert_eq!(
            Metric::parse(stream, key).role,
            Role::Coordinate(coordinate),
            "{stream:?} {key:?}"
        );
    }
    assert_eq!(Metric::parse("", "index").role, Role::Index);
    for key in [
        "train_time",
        "epoch_time",
        "steps_per_second",
        "epoch_loss",
        "stepwise",
    ] {
        assert_eq!(Metric::parse("", key).role, Role::Measure, "{key}");
    }
}

#[test]
fn summary_parts_belong_to_one_quantity() {
    let names = "mean min max std count median sum p50 p90 p95 p99 first last";
    let mut parts = Vec::new();
    for name in names.split(' ') {
        let metric = Metric::parse("train", &format!("loss.{name}"));
        assert_eq!(
            (metric.quantity.as_str(), metric.split),
            ("loss", Some(Train)),
            "{name}"
        );
        assert_eq!(metric.part.map(Part::name), Some(name));
        parts.extend(metric.part);
    }
    assert_eq!(parts.len(), 13);
    // Alone, the same words are ordinary names.
    assert_eq!(Metric::parse("", "count").part, None);
    assert_eq!(Metric::parse("train", "count").part, None);
    assert_eq!(Metric::parse("", "max").quantity, "max");
}

#[test]
fn directions() {
    let down = "loss train_loss ce_loss loss/total loss_ce mae val_mse rmse perplexity ppl error error_rate wer \
                cer fid fid_score nll bpb log_loss loss.mean loss.max mape lpips val.損失.loss";
    let up = "accuracy acc acc_top5 top1_acc f1 f1_macro precision precision@5 recall recall@10 auroc roc_auc \
              val_auroc mAP mAP_50 val_mAP_75 val_mAP_mask val_mAP_box AP50 mIoU val_mIoU iou dice val_pixel_acc \
              r2 val_r2 bleu bleu4 rougeL rouge1 psnr ssim reward mean_reward episode_return mrr ndcg@10 exact_match";
    let unknown = "rank lr learning_rate grad_norm grad/norm gpu_memory cpu_percent loss_scale loss_weight \
                   weight_decay tokens_per_sec throughput temperature value v batched loss.std loss.count 損失 \
                   step_time duration_s kl entropy reward_std grad.mean";
    for (names, direction) in [
        (down, Direction::Down),
        (up, Direction::Up),
        (unknown, Direction::Unknown),
    ] {
        for name in names.split_whitespace() {
            assert_eq!(Metric::parse("", name).direction(), direction, "{name}");
        }
    }
}

#[test]
fn labels_for_people() {
    let table = [
        ("", "val_accuracy", "Val Accuracy"),
        ("", "val_mAP_50", "Val mAP 50"),
        ("", "val_mIoU", "Val mIoU"),
        ("", "val_pixel_acc", "Val Pixel Accuracy"),
        ("", "val_auroc", "Val AUROC"),
        ("", "val_f1", "Val F1"),
        ("", "val_r2", "Val R2"),
        ("", "val_rmse", "Val RMSE"),
        ("train", "loss", "Train Loss"),
        ("eval", "loss", "Val Loss"),
        ("train", "loss.mean", "Train Loss"),
        ("train", "loss.max", "Train Loss max"),
        ("", "lr", "Learning Rate"),
        ("", "learning_rate", "Learning Rate"),
        ("", "grad_norm", "Grad Norm"),
        ("system", "gpu_memory", "System GPU Memory"),
        ("", "duration_s", "Duration"),
        ("", "train.損失", "Train 損失"),
        ("", "train.loss/total", "Train Loss Total"),
        ("", "train.acc %", "Train Accuracy %"),
        ("", "train", "Train"),
    ];
    for (stream, key, label) in table {
        assert_eq!(
            Metric::parse(stream, key).label(),
            label,
            "{stream:?} {key:?}"
        );
    }
}

#[test]
fn units() {
    for name in [
        "accuracy",
        "val_f1",
        "mAP_50",
        "mIoU",
        "val_pixel_acc",
        "auroc",
        "recall@10",
    ] {
        assert_eq!(Metric::parse("", name).unit(), Unit::Fraction, "{name}");
    }
    for name in [
        "duration_s",
        "epoch_time_s",
        "duration",
        "eval_time_seconds",
        "step_time_sec",
    ] {
        assert_eq!(Metric::parse("", name).unit(), Unit::Seconds, "{name}");
    }
    for name in [
        "loss",
        "r2",
        "lr",
        "tokens_per_sec",
        "samples/sec",
        "psnr",
        "mae",
        "gpus",
        "accuracy.std",
        "dice_loss",
    ] {
        assert_eq!(Metric::parse("", name).unit(), Unit::Plain, "{name}");
    }
}

#[test]
fn words_of_any_alphabet() {
    assert_eq!(words::tokens("mAP_50/Æon"), ["map", "50", "æon"]);
    for name in [
        "",
        "/",
        "..",
        "_",
        "train/",
        "é",
        "🤗.loss",
        "val_",
        "_val",
        "train.val",
    ] {
        let metric = Metric::parse(name, name);
        let _ = (
            metric.label(),
            metric.direction(),
            metric.canonical(),
            metric.unit(),
        );
    }
}
