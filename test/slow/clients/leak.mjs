// A planted leak for the soak test: whoever loads this keeps a kilobyte of each request that a server of this process gets.
import { Server } from "node:http";

const kept = [];
const emit = Server.prototype.emit;
Server.prototype.emit = function leaking(event, ...given) {
  if (event === "request") kept.push(Buffer.alloc(1024, 1 + (kept.length % 255)));
  return emit.call(this, event, ...given);
};
