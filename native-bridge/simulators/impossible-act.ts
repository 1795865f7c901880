/** Somebody asked a simulated body or thing to do what the physical world does not allow: walk through a shut door. A bug in the test. */
export class ImpossibleAct extends Error {
  override readonly name = 'ImpossibleAct';
}
