# PyTorch on the CPU, as its users call it, one timed run at a time; contenders/child.ts says which lines it answers.
import sys
import time

import numpy
import torch
import torch.nn.functional as F

torch.set_num_threads(1)


def loss_of(work, logits):
    labels, gamma = work["labels"], work["gamma"]
    if work["activation"] == "softmax":
        if gamma == 0:
            return F.cross_entropy(logits, labels)
        cross_entropy = F.cross_entropy(logits, labels, reduction="none")
        return ((1 - torch.exp(-cross_entropy)) ** gamma * cross_entropy).mean()
    # The mean is over examples: where there are several labels, their losses are summed.
    if gamma == 0:
        return F.binary_cross_entropy_with_logits(logits, labels) * work["classes"]
    # torchvision's sigmoid_focal_loss, without alpha
    p = torch.sigmoid(logits)
    cross_entropy = F.binary_cross_entropy_with_logits(logits, labels, reduction="none")
    pt = p * labels + (1 - p) * (1 - labels)
    return (cross_entropy * ((1 - pt) ** gamma)).mean() * work["classes"]


def prepare(activation, examples, classes, gamma, logits_file, labels_file):
    examples, classes = int(examples), int(classes)
    logits = torch.from_numpy(numpy.fromfile(logits_file, numpy.float32)).reshape(examples, classes)
    if activation == "softmax":
        labels = torch.from_numpy(numpy.fromfile(labels_file, numpy.int32)).long()
    else:
        labels = torch.from_numpy(numpy.fromfile(labels_file, numpy.uint8)).float().reshape(examples, classes)
    gamma = float(gamma)
    gamma = int(gamma) if gamma.is_integer() else gamma
    return {"activation": activation, "classes": classes, "gamma": gamma, "logits": logits, "labels": labels}


def run(work, which):
    if which == "forward":
        with torch.no_grad():
            return loss_of(work, work["logits"]), None
    logits = work["logits"].requires_grad_()
    loss = loss_of(work, logits)
    return loss, torch.autograd.grad(loss, logits)[0]


def main():
    work, loss, gradient = None, None, None
    print("ready", torch.__version__, flush=True)
    for line in sys.stdin:
        command, *words = line.split()
        answer = "ok"
        if command == "prepare":
            work = prepare(*words)
        elif command == "run":
            before = time.process_time_ns()
            for _ in range(int(words[1])):
                loss, gradient = None, None  # as in training, where the last step's tensors are gone
                loss, gradient = run(work, words[0])
            answer = (time.process_time_ns() - before) / 1e9
        elif command == "result":
            if gradient is not None:
                gradient.numpy().tofile(words[0])
            answer = loss.item()
        elif command == "release":
            work, loss, gradient = None, None, None
        print(answer, flush=True)


main()
