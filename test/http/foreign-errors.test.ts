import { expect } from 'chai';
import { asCodedError } from '../../server/http/foreign-errors.ts';

describe('an error of somebody else', () => {
  it('says that the disk is full when an upload finds it so', () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    expect(asCodedError(error).code).to.equal('storage.full');
  });

  it('that nobody knows is a fault of the server', () => {
    expect(asCodedError(new Error('x')).code).to.equal('http.internal');
    expect(asCodedError('x').code).to.equal('http.internal');
  });
});
