import { PAGE_SCRIPT } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";

/** The whole page, self-contained. */
export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trueup: what searches find</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<header><h1>What searches find</h1><span id="state" class="quiet">connecting</span></header>
<div id="tables" aria-live="off"></div>
<form id="form" role="search"><input id="words" type="search" autocomplete="off" placeholder="Type a query; empty shows what was written last" aria-label="Query" autofocus></form>
<p id="found" class="quiet" role="status"></p>
<div id="hits"></div>
</main>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
