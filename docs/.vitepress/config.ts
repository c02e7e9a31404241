// The documentation site: English and Chinese, with search in both. A dead link fails the build.
import { existsSync, readdirSync } from "node:fs";
import { defineConfig } from "vitepress";
import { type Language, linkOf, sections } from "./pages.ts";

const library = { en: "Library (TypeScript)", zh: "程序库（TypeScript，英文）" };

const decisions = readdirSync(new URL("../development/decisions", import.meta.url))
  .sort()
  .map((file) => ({
    text: file.replace(/^(\d+)-|\.md$/g, (_, number) => (number ? `${number} ` : "")).replaceAll("-", " "),
    link: `/development/decisions/${file.replace(/\.md$/, "")}`,
  }));

const sidebar = (language: Language) =>
  sections.map((section) => ({
    text: section[language],
    collapsed: section.en === "Development",
    items: [
      ...section.pages.map((page) => ({ text: page[language] ?? page.en, link: linkOf(page, language) })),
      ...(section.en === "Reference" && existsSync(new URL("../reference/library", import.meta.url))
        ? [{ text: library[language], link: "/reference/library/modules" }]
        : []),
      ...(section.en === "Development" ? [{ text: "Decisions", collapsed: true, items: decisions }] : []),
    ],
  }));

const top = (language: Language) => {
  const home = language === "zh" ? "/zh" : "";
  const words = {
    en: ["Tutorials", "Concepts", "Reference", "Glossary"],
    zh: ["教程", "概念", "参考", "术语表"],
  }[language];
  const links = ["tutorials/your-own-table", "concepts/splits", "reference/recipe", "glossary"];
  return links.map((link, i) => ({ text: words[i]!, link: `${home}/${link}` }));
};

/** Words of Chinese for the index and the query; the usual rule splits at spaces and signs only. Runs in the browser too. */
const tokenize = (text: string): string[] => {
  const plain = text.split(/[\n\r\p{Z}\p{P}]+/u);
  return plain.flatMap((part) =>
    /\p{Script=Han}/u.test(part)
      ? [...new Intl.Segmenter("zh", { granularity: "word" }).segment(part)].map(({ segment }) => segment)
      : [part],
  );
};

const chineseSearch = {
  translations: {
    button: { buttonText: "搜索", buttonAriaLabel: "搜索" },
    modal: {
      displayDetails: "显示详情",
      resetButtonTitle: "清除",
      backButtonTitle: "返回",
      noResultsText: "没有结果：",
      footer: { selectText: "选择", navigateText: "移动", closeText: "关闭" },
    },
  },
};

export default defineConfig({
  title: "Concord 合作",
  description: "From a table to a calibrated, audited, signed model, in TypeScript.",
  cleanUrls: true,
  lastUpdated: false,
  srcExclude: ["node_modules/**"],
  markdown: {
    // Pages hold no HTML: a sign < in prose is text, a comment is left out, braces are no template.
    config(md) {
      const asText = (content: string) =>
        content.trimStart().startsWith("<!--") ? "" : md.utils.escapeHtml(content).replaceAll("{{", "&#123;&#123;");
      md.renderer.rules.html_inline = md.renderer.rules.html_block = (tokens, i) => asText(tokens[i]!.content);
      md.renderer.rules.text = (tokens, i) => md.utils.escapeHtml(tokens[i]!.content).replaceAll("{{", "&#123;&#123;");
    },
    languageAlias: { "json-lines": "json", console: "sh" },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
  },
  themeConfig: {
    outline: [2, 3],
    search: {
      provider: "local",
      options: { locales: { zh: chineseSearch }, miniSearch: { options: { tokenize } } },
    },
  },
  locales: {
    root: { label: "English", lang: "en", themeConfig: { nav: top("en"), sidebar: sidebar("en") } },
    zh: {
      label: "中文",
      lang: "zh",
      link: "/zh/",
      description: "用 TypeScript 把一张表格变成经过校准、审计和签名的模型。",
      themeConfig: {
        nav: top("zh"),
        sidebar: sidebar("zh"),
        outline: { level: [2, 3], label: "本页内容" },
        docFooter: { prev: "上一页", next: "下一页" },
        darkModeSwitchLabel: "主题",
        lightModeSwitchTitle: "切换到浅色",
        darkModeSwitchTitle: "切换到深色",
        sidebarMenuLabel: "目录",
        returnToTopLabel: "返回顶部",
        langMenuLabel: "切换语言",
        skipToContentLabel: "跳到正文",
      },
    },
  },
});
