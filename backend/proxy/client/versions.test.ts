import { describe, expect, it } from 'vitest';
import { abilities } from '../../../proto/abilities.ts';
import { remarkOn, standingOf, type Told } from './versions.ts';

const told = (changes: Partial<Told>): Told => ({
  version: '1.4.0',
  lacks: [],
  queueTopic: '',
  ...changes,
});
const base = told({ version: null, lacks: abilities, queueTopic: null });
const straight = { version: '1.2.0', queueTopic: undefined };

describe('a service', () => {
  it('fits when it has every ability, whatever its minor version', () => {
    for (const version of ['1.4.0', '1.0.0', '0.9.0', '1.2.0-beta.1', 'built by hand'])
      expect(standingOf(told({ version }), '1.2.0')).toBe('fits');
    expect(remarkOn(told({}), straight)).toBeNull();
  });

  it('is older when it has the base contract alone, or lacks an ability, which the remark names', () => {
    expect(standingOf(base, '1.2.0')).toBe('older');
    expect(remarkOn(base, straight)).toContain('does not confirm');
    const lacking = told({ version: '3.0.0', lacks: ['ListTickets', 'CountTickets'] });
    expect(standingOf(lacking, '1.2.0')).toBe('older');
    expect(remarkOn(lacking, straight)).toContain('3.0.0, which lacks ListTickets, CountTickets');
  });

  it('is newer when its major version is, and goes on working', () => {
    expect(standingOf(told({ version: '2.0.0' }), '1.9.9')).toBe('newer');
    expect(remarkOn(told({ version: '10.0.0' }), { ...straight, version: '9.0.0' })).toContain('10.0.0');
  });
});

describe('the queue', () => {
  const desk = { version: '1.2.0', queueTopic: 'ticketCreate' };

  it('fits when both name the same topic, and when nothing is filed on one', () => {
    expect(remarkOn(told({ queueTopic: 'ticketCreate' }), desk)).toBeNull();
    expect(remarkOn(told({ queueTopic: 'other' }), straight)).toBeNull();
  });

  it('is remarked on when the service reads another one, or none', () => {
    expect(remarkOn(told({ queueTopic: 'other' }), desk)).toContain('reads "other"');
    expect(remarkOn(told({ queueTopic: '' }), desk)).toContain('reads no queue');
    expect(remarkOn(base, desk)).not.toContain('NSQ_TOPIC');
  });
});
