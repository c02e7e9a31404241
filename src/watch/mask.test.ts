import { expect, test } from "vitest";
import { maskPrivate } from "./index.ts";

test.each([
  ["write to ann.lee@mail.example.org now", "write to [email] now"],
  ["见 https://例子.测试/路径?a=1 和 www.example.org/x", "见 [url] 和 [url]"],
  ["phone +49 (171) 234-5678 or １３８００１３８０００", "phone [number] or [number]"],
  ["身份证 11010519491231002X", "身份证 [number]"],
  ["IBAN DE89 3704 0044 0532 0130 00.", "IBAN [account]."],
  ["card 4111 1111 1111 1111", "card [number]"],
  ["fever of 38.5 for 3 days since 2024", "fever of 38.5 for 3 days since 2024"],
])("%s → %s", (text, masked) => {
  expect(maskPrivate(text)).toBe(masked);
});
