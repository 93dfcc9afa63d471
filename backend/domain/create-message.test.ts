import { describe, expect, it } from 'vitest';
import { decodeCreate, encodeCreate, identifyCreate } from './create-message.ts';

const defaults = { requestId: '6f0f8a52-0d5c-5b0e-9d1f-3a1d5b7c2e94', createdAt: '2026-11-24T14:02:11.123Z' };
const text = { title: 'Printer "1"', description: 'Zweiter Stock\n', name: 'Ada 👩‍👩‍👧' };
const create = {
  ...text,
  requestId: '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01',
  createdAt: '2026-03-04T05:06:07.123456Z',
};

it('is read as it was written', () => {
  expect(decodeCreate(encodeCreate(create), defaults)).toEqual({ ...create, revision: 0 });
  const more = { ...create, tags: ['printer', 'vpn'], dueAt: '2030-01-01T12:00:00.000000Z' };
  expect(decodeCreate(encodeCreate(more), defaults)).toEqual({ ...more, revision: 0 });
  expect(decodeCreate(encodeCreate({ ...create, revision: 3 }), defaults)).toEqual({
    ...create,
    revision: 3,
  });
});

it('says nothing of a revision as long as there is none, as before there were any', () => {
  expect(JSON.parse(encodeCreate({ ...create, revision: 0 }))).toEqual(create);
});

it('is read from an older producer, with what its message says, and whatever else is in it', () => {
  const body = JSON.stringify({ ...text, colour: 1, status: 'Completed' });
  expect(decodeCreate(body, defaults)).toEqual({ ...text, ...defaults, revision: 0 });
});

describe('what can not be read', () => {
  it.each([
    ['', undefined],
    ['title=Printer', undefined],
    ['null', undefined],
    ['[]', undefined],
    ['"Printer"', undefined],
    [JSON.stringify({ ...text, title: undefined }), 'title'],
    [JSON.stringify({ ...text, description: null }), 'description'],
    [JSON.stringify({ ...text, name: 7 }), 'name'],
    [JSON.stringify({ ...text, tags: 'vpn' }), 'tags'],
    [JSON.stringify({ ...text, tags: ['vpn', 7] }), 'tags'],
    [JSON.stringify({ ...text, dueAt: 7 }), 'dueAt'],
    [JSON.stringify({ ...text, requestId: 7 }), 'requestId'],
    [JSON.stringify({ ...text, createdAt: 1_795_000_000 }), 'createdAt'],
    [JSON.stringify({ ...text, revision: -1 }), 'revision'],
    [JSON.stringify({ ...text, revision: '1' }), 'revision'],
    [JSON.stringify({ ...text, revision: 2 ** 31 }), 'revision'],
  ])('is refused, and the field named: %s', (body, field) => {
    expect(() => decodeCreate(body, defaults)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', field }),
    );
  });

  it('is known by the request id and revision that it gives, as far as they are any', () => {
    const { requestId } = create;
    expect(identifyCreate(JSON.stringify({ requestId, revision: 2 }), defaults)).toEqual({
      requestId,
      revision: 2,
    });
    const none = { requestId: defaults.requestId, revision: 0 };
    expect(identifyCreate(JSON.stringify({ requestId, revision: 'x' }), defaults)).toEqual({
      requestId,
      revision: 0,
    });
    for (const body of ['not JSON', '{}', '{"requestId":"seven"}', '{"requestId":7}']) {
      expect(identifyCreate(body, defaults)).toEqual(none);
    }
  });
});
