#include "tests/reference/html_pages.h"

namespace refrain::reference {

const std::vector<std::string>& NastyPages() {
  static const auto& pages = *new std::vector<std::string>{
      // An article as sites write it.
      R"(<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Harbour to close &ndash; The Courier</title>
<link rel=stylesheet href=a.css><style>body{margin:0}</style><script>var a="<p>not text</p>";</script></head>
<body class="front"><header><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article><h1>Harbour to <em>close</em></h1><p class=by>By <a rel=author href=#>A. Writer</a>, <time>3 May</time></p>
<p>The old harbour will close in&nbsp;autumn, the council said&hellip;</p><figure><img src=x alt="not text">
<figcaption>The harbour<br>in 1950</figcaption></figure><p>&ldquo;It had to be,&rdquo; said the mayor.</p></article></main>
<footer>&copy; 2020 <small>All rights reserved</small></footer></body></html>)",
      // No end tags at all.
      "<title>List</title><h1>Things<ul><li>one<li>two<ul><li>inner<li>last</ul><li>three</"
      "ul><p>para<p>graph<hr>end",
      "<dl><dt>a<dt>b<dd>c<p>d<dd>e</dl><p>f<div>g<h2>h</div>i",
      // Upper case, bare attributes, old markup.
      "<HTML><BODY BGCOLOR=white TEXT=#000000><CENTER><FONT SIZE=+2 COLOR=red>Welcome</FONT><BR><B>to my "
      "<I>page</B></I></CENTER>"
      "<P ALIGN=right>text<TABLE BORDER=0 WIDTH=100%><TR><TD NOWRAP>a<TD>b<TR><TD "
      "COLSPAN=2>c</TABLE></BODY></HTML>",
      // A layout of nested tables.
      "<table><tr><td><table><tr><td>menu<td>more</table></td><td><h1>Title</h1><p>Body text "
      "<b>bold</b>.</p></td></tr>"
      "<tr><td colspan=2><table><tbody><tr><th>x<th>y</tr></tbody><tfoot><tr><td>1<td>2</table></table>after",
      // Hidden parts.
      "<div>seen<div hidden>no<div>no</div></div>seen too<span style='display:none'>no</span></div><p "
      "style='visibility:hidden'>"
      "no<span style='visibility:visible'>yes</span></p><ul hidden><li>no<li>no</ul>end",
      "<!doctype html><ul><li>a<li hidden>b<li>c</ul><dl><dt hidden>d<dd>e<dd hidden>f<dt>g</dl><p "
      "hidden>h<p>i<p "
      "hidden>j<table><tr><td>k</table>",
      "<table><tr hidden><td>a<td>b<tr><td>c<td hidden>d<td>e</tr><tbody "
      "style='display:none'><tr><td>f</table>g",
      "<section hidden><p>a</section>b<article style='display : none !important'>c</article>d<p "
      "style='display:none;display:block'>e",
      // Formatting across blocks.
      "<b>bold<p>still</b>not</p><i>x<div>y</i>z</div>w<a href=1>l<a href=2>m</a></a>n<p><b>open<p>still "
      "bold</b>plain",
      "<p>a<b>b<i>c</b>d</i>e</p><font><div>f</font>g</div>h<code>i<ul><li>j</code>k</ul>l",
      // White space.
      "  a  <b> b </b> <i> c</i>\n\n\td<br>  e  <br>\n<p> \n </p>f&nbsp; &nbsp;g &nbsp;<p>&nbsp;</p>h",
      "<pre>\n\nline 1\n   line 2\t\tx  \n\n<b>  bold\n more</b> </pre>  after\n the <span>  pre</span>",
      "a<span> </span>b<span>c </span> d <span> e</span><div> f </div> g",
      // Character references.
      "&lt;p&gt; &amp;amp; &quot;x&quot; &eacute;&Eacute; &euro;&#8364;&#x20AC;&#128; &copy2020 &notit; "
      "&notin; &bogus; &; & AT&T &#;",
      "&#72;&#101;llo &#x1F600; &NotEqualTilde;&fjlig; &frac12;&frac12 &times;&times &ampx &lt",
      // Scripts and other raw text.
      "a<script>document.write('<p>x</p>')</script>b<script><!--\nif (a<b) "
      "'<script>x</script>'\n//--></script>c"
      "<style><!-- p{} --></style>d<script>var s = '</scr'+'ipt>';</script>e<noscript><p>f</p></noscript>g",
      "<textarea rows=3>one\n <b>two</b> &lt;\n</textarea><xmp><b>raw</b> "
      "&amp;</xmp><iframe><p>no</p></iframe>x<noembed>no</noembed>"
      "<title>late title</title>y",
      "a<plaintext>b<p>c</plaintext>&amp;",
      // Comments and other markup.
      "a<!-- b -- c --> d<!-->e<!--->f<!---->g<!doctype x>h<?xml y?>i<![CDATA[j]]>k</ l>m<!n>o<!-- p "
      "--!>q<!-- "
      "unfinished",
      "a < b << c <3 d<> e < f> g </> h <",
      // Foreign content.
      "a<svg "
      "width=1><title>icon</title><desc>d</desc><g><text>no</text></g><style>x</style></svg>b<svg/"
      ">c<svg><path/"
      "></svg>d",
      "x <math><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><annotation>a+b</annotation></math> "
      "y<math><mtext>t<b>u</b></mtext></math>",
      "<div><svg><g><foreignObject><p>no</p></foreignObject></g></div>a<svg><p>b<math><mi>c<div>d",
      "<svg><![CDATA[no <b> ]]></svg><math><ms><![CDATA[x]]></ms><![CDATA[y < z]]></math>",
      // Forms.
      "<form action=x><label>Name <input name=n></label><select><option selected>1<option>2<optgroup "
      "label=g><option>3</select>"
      "<button>Send</button><button "
      "type=reset><b>Clear</b></button><fieldset><legend>Who</legend>text</fieldset></form>after",
      "<form>a<form>b</form>c</form>d<table><tr><td><form>e</td></tr></form></table>f",
      "<select><option>a<input>b<select><option>c<select>d<datalist><option>e</datalist>f",
      // Ruby, details, embedded things.
      "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字<rp>(<rt>ji<rp>)</ruby> "
      "<details><summary>More</summary>hidden in browsers</details>",
      "a<object data=x><p>no</p></object>b<video "
      "src=x>no</video>c<audio>no</audio>d<canvas>no</canvas>e<applet>no</applet>f",
      "a<template><p>no</p><template>no</template>no</template>b<progress>no</progress>c<meter>no</meter>d",
      // Stray and misplaced tags.
      "</p>a</div>b</span>c</b>d</li>e</h1>f</body>",
      "<p>a</div>b</p>c</p>d<h1>e</h2>f<div>g</section>h</div>i</br>j",
      "<span><div>a</span>b</div>c<label><ul><li>d</label>e</ul>f",
      "<button>a<div>b<button>c</button>d",
      "a<frameset><frame></frameset>b",
      "<head><title>t</title></head>\n<p>no body tag",
      "<body><head><title>late</title><p>a</head>b",
      "plain text without any tag",
      "",
  };
  return pages;
}

}  // namespace refrain::reference
