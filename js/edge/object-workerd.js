/** The same in workerd, whose own class it takes for other Workers and objects to call methods of an object's. */

// @ts-expect-error: workerd alone has this module
export { DurableObject } from 'cloudflare:workers';
