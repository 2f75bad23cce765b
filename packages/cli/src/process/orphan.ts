// A thread that ends the program once the process that was called is gone: killed, it can tell nobody to stop.
const parent = process.ppid;
const never = new Int32Array(new SharedArrayBuffer(4));
while (process.ppid === parent) Atomics.wait(never, 0, 0, 50);
process.kill(process.pid, "SIGKILL");

export {};
