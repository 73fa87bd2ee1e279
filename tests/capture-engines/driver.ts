/** Runs `capture-once.ts` as a child: in a network namespace, as another user, or just so. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { BuiltHelper } from './built-helper.js';
import type { Task } from './capture-once.js';

export type Answer = Readonly<Record<string, unknown>>;

export class Driver {
  readonly exited: Promise<void>;
  private readonly answers: Answer[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly child: ChildProcess;
  private isOver = false;

  /** `prefix`: the command that runs it elsewhere (`ip netns exec NAME`). */
  constructor(built: BuiltHelper, task: Task, prefix: readonly string[] = [], node = process.execPath) {
    const [file, ...args] = [...prefix, node, built.driver, JSON.stringify(task), built.helper];
    this.child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: '/' });
    createInterface(this.child.stdout ?? process.stdin).on('line', (line) => {
      this.answers.push(JSON.parse(line) as Answer);
      this.wake();
    });
    this.exited = new Promise((resolve) => {
      this.child.once('close', () => {
        this.isOver = true;
        this.wake();
        resolve();
      });
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  order(order: 'stop' | 'statistics' | 'read'): void {
    this.child.stdin?.write(`${order}\n`);
  }

  /** The first answer from now on, or before, that has the key and is accepted; fails when the child ends without it. */
  async answer(key: string, accept: (answer: Answer) => boolean = () => true): Promise<Answer> {
    for (;;) {
      const found = this.answers.find((answer) => key in answer && accept(answer));
      if (found !== undefined) return found;
      if (this.isOver) throw new Error(`the driver ended without telling ${key}: ${JSON.stringify(this.answers)}`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private wake(): void {
    for (const resume of this.waiting.splice(0)) resume();
  }
}

/** A network namespace of the test's own, with loopback up; removed by `remove`, whatever happened in it. */
export class Namespace {
  private static count = 0;
  readonly name = `mailscope-test-${process.pid}-${(Namespace.count += 1)}`;

  constructor() {
    execFileSync('ip', ['netns', 'add', this.name]);
    this.run('ip', 'link', 'set', 'lo', 'up');
  }

  get prefix(): readonly string[] {
    return ['ip', 'netns', 'exec', this.name];
  }

  run(...command: readonly string[]): void {
    execFileSync('ip', ['netns', 'exec', this.name, ...command], { stdio: ['ignore', 'ignore', 'pipe'] });
  }

  /** A pair of interfaces, both here and both up. */
  addPair(one: string, other: string): void {
    this.run('ip', 'link', 'add', one, 'type', 'veth', 'peer', 'name', other);
    this.run('ip', 'link', 'set', one, 'up');
    this.run('ip', 'link', 'set', other, 'up');
  }

  remove(): void {
    execFileSync('ip', ['netns', 'del', this.name]);
  }
}
