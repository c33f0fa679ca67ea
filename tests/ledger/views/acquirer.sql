-- An acquirer's database as it may look: its own names, codes, yuan and wall-clock times.
-- :schema is replaced by the schema of the test.
CREATE TABLE :schema.t_shanghu (
    shh text PRIMARY KEY, mc text, hy text, dq text, khrq date, cp text, qdsj time, dksj_q time,
    dksj_z time, fl int, zxje bigint, dbxe bigint, rxe bigint, zjyxq date, khh text, kh4 text,
    zhlx text, zhzt text, ye bigint, lxjyrq date, mdsj_q time, mdsj_z time, mdfz int,
    dksjd text, mdtz text
);
CREATE TABLE :schema.t_zhongduan (
    zdh text PRIMARY KEY, xlh text, shh text, xh text, bd boolean, simzt text, simdq date,
    zhxt timestamptz, xhqd int, bb text, zxbb text, qdzt text, zcd text
);
CREATE TABLE :schema.t_zhongduan_rz (id int PRIMARY KEY, zdh text, sj timestamptz, lx text, sm text);
CREATE TABLE :schema.t_jiaoyi (
    lsh int PRIMARY KEY, shh text, zdh text, qd text, lx text, je numeric(14, 2), jysj timestamp,
    zjsj timestamptz, zt text, ydm text, ydmb text, kh4 text, klx text, fkh text, ckh text,
    pzh text, pch text, sqm text, ddh text, qbdh text, yjyls int, czsj timestamptz, czm text
);
CREATE INDEX ON :schema.t_jiaoyi (
    shh, (CAST(je * 100 AS bigint)), (jysj AT TIME ZONE 'Asia/Shanghai')
);
CREATE TABLE :schema.t_qingsuan (lsh int PRIMARY KEY, qsrq date, qssj timestamptz, dzjg text);
CREATE TABLE :schema.t_jiesuan (
    lsh int PRIMARY KEY, shh text, jsrq date, ydsj timestamptz, sxf bigint, kk bigint, jsje bigint,
    zt text, djid int, dkdh text
);
CREATE TABLE :schema.t_dakuan (
    dkdh text PRIMARY KEY, shh text, zt text, jhje bigint, zhje bigint, sjje bigint,
    ydsj timestamptz, cjsj timestamptz, tjsj timestamptz, jgsj timestamptz, dzsj timestamptz,
    td text, khh text, kh4 text, sbm text, sbyy text, ydkdh text
);
CREATE TABLE :schema.t_dongjie (
    djid int PRIMARY KEY, shh text, lsh int, lx text, zt text, qssj timestamptz, shsj timestamptz,
    cl json
);
CREATE TABLE :schema.t_guzhang (
    id int PRIMARY KEY, fw text, dx text, kssj timestamptz, jssj timestamptz, jh boolean, gg text
);
CREATE TABLE :schema.t_gonggao (id int PRIMARY KEY, bt text, sxrq date, nr text);

-- What it provides for us: fen, aware times, and nothing that it does not want to show.
CREATE VIEW :schema.v_jiaoyi AS
SELECT
    lsh, shh, zdh, qd, lx, CAST(je * 100 AS bigint) AS je_fen,
    jysj AT TIME ZONE 'Asia/Shanghai' AS jysj, zjsj, zt, ydm, ydmb, kh4, klx, fkh, ckh, pzh, pch,
    sqm, ddh, qbdh, yjyls, czsj, czm
FROM :schema.t_jiaoyi;
