import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Batches } from './batches.ts';

type Kind = 'insert' | 'delete';
type Call = [kind: Kind, keys: readonly string[], values: readonly unknown[]];

const KEYS = ['a'];
const OTHER_KEYS = ['b'];

describe('batches', () => {
  let calls: Call[];
  let batches: Batches<Kind>;
  const echo = (kind: Kind, keys: readonly string[], values: readonly unknown[]) => {
    calls.push([kind, keys, values]);
    return Promise.resolve(values as never[]);
  };
  beforeEach(() => {
    calls = [];
    batches = new Batches<Kind>({
      run: echo,
      mostWeight: 3,
      around: (runAll) => {
        runAll();
      },
    });
  });

  test('send the operations of one turn in one call, and answer each', async () => {
    const answers = ['x', 'y', 'z'].map((value) => batches.add('insert', KEYS, [value], 1));
    expect(calls).toEqual([]);
    await expect(Promise.all(answers)).resolves.toEqual(['x', 'y', 'z']);
    await expect(batches.add('insert', KEYS, ['later'], 1)).resolves.toBe('later');
    expect(calls).toEqual([
      ['insert', KEYS, ['x', 'y', 'z']],
      ['insert', KEYS, ['later']],
    ]);
  });

  test('keep kinds and keys of operations apart', async () => {
    const answers = [
      batches.add('insert', KEYS, ['x'], 1),
      batches.add('delete', KEYS, ['y'], 1),
      batches.add('insert', OTHER_KEYS, ['z'], 1),
    ];
    await expect(Promise.all(answers)).resolves.toEqual(['x', 'y', 'z']);
    expect(calls).toHaveLength(3);
  });

  test('are sent as soon as they are full, and those of other keys with them', async () => {
    const answers = [
      batches.add('insert', OTHER_KEYS, ['other'], 1),
      ...['u', 'v', 'w'].map((value) => batches.add('insert', KEYS, [value], 1)),
      batches.add('insert', KEYS, ['x'], 1),
    ];
    expect(calls).toEqual([
      ['insert', OTHER_KEYS, ['other']],
      ['insert', KEYS, ['u', 'v', 'w']],
    ]);
    answers.push(batches.add('insert', OTHER_KEYS, ['another'], 1));
    await expect(Promise.all(answers)).resolves.toEqual(['other', 'u', 'v', 'w', 'x', 'another']);
  });

  test('send an operation alone that is larger than a batch may be', async () => {
    const answers = ['x', 'y'].map((value) => batches.add('insert', KEYS, [value], 10));
    await expect(Promise.all(answers)).resolves.toEqual(['x', 'y']);
    expect(calls).toHaveLength(2);
  });

  test('fail all operations of a failed call, and no others', async () => {
    const run = jest.fn(echo).mockRejectedValueOnce(new Error('gone'));
    batches = new Batches<Kind>({
      run,
      mostWeight: 3,
      around: (runAll) => {
        runAll();
      },
    });
    const lost = ['x', 'y'].map((value) => batches.add('insert', KEYS, [value], 1));
    const kept = batches.add('delete', KEYS, ['z'], 1);
    const outcomes = await Promise.allSettled(lost);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(kept).resolves.toBe('z');
  });
});
