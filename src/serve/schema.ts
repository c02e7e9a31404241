// The door of this room to zod: shapes of requests and replies, from which OpenAPI is made.
export { z } from "zod";
