// Chinese of what is wrong with watching a served model. See reading.ts.
export const watchingFaults: Readonly<Record<string, string>> = {
  profile: "制作输入概况",
  "1 or more": "1 或更多",
  "--device cpu": "--device cpu",
  "watch store": "监测存储",
  "the package libsql is not installed": "未安装软件包 libsql",
  "npm install libsql; or name a PostgreSQL database": "npm install libsql；或指定 PostgreSQL 数据库",
  "the package pg is not installed": "未安装软件包 pg",
};
