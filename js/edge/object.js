/** What a Durable Object is made of where there are none: the package can be imported anywhere, objects live in workerd. */

export class DurableObject {
  /** @param {any} ctx @param {any} env */
  constructor(ctx, env) {
    this.ctx = ctx;
    this.env = env;
  }
}
