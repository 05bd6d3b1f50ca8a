namespace CniPS.Pictures.Formats;

/// <summary>How a page looks, and its one script: the search. Both are XML as they stand.</summary>
internal static class HtmlStyle
{
    internal const string Css = """
        body{font:15px system-ui,sans-serif;margin:24px;background:#ffffff;color:#1f2328}
        h1{font-size:20px;font-weight:600;margin:0 0 4px}
        h2{font-size:16px;font-weight:600;margin:24px 0 8px}
        p{margin:0 0 16px;color:#656d76}
        svg{max-width:100%;height:auto;display:block}
        input{font:inherit;padding:6px 10px;width:min(420px,90%);border:1px solid #8c959f;border-radius:6px;background:inherit;color:inherit}
        output{margin-left:10px;color:#656d76}
        .plan li{font:13px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
        .plan .added{color:#1a7f37}.plan .removed{color:#cf222e}
        details{border:1px solid #d1d9e0;border-radius:6px;margin:12px 0;padding:0 12px}
        summary{cursor:pointer;padding:10px 0}summary b{margin-right:10px}summary span{color:#656d76}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(270px,100%),1fr));gap:8px;padding:0 0 12px}
        .card{border:1px solid #1b7c83;background:#effaf8;border-radius:6px;padding:6px 9px;min-width:0;font:12px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}
        .card div{overflow-wrap:anywhere}.card .name{font-weight:600}.card .port{color:#8250df}.card .dim{color:#656d76}
        .card.added{border:2px dashed #1a7f37;background:#dafbe1}.card.removed{border:2px dotted #cf222e;background:#ffebe9}.card.path{border:3px solid #bc4c00}
        div.added{color:#1a7f37}div.removed{color:#cf222e;text-decoration:line-through}
        table{border-collapse:collapse;margin:0 0 16px;font:12px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;width:100%}
        th{text-align:left;color:#656d76;font-weight:400}th,td{padding:3px 12px 3px 0;vertical-align:top;overflow-wrap:anywhere;border-bottom:1px solid #d1d9e0}
        tr.dropped td{color:#cf222e;font-weight:600}tr.warned td,tr.unknown td{color:#9a6700}
        .cause{color:#cf222e;overflow-wrap:anywhere}.cause code{color:#1f2328;background:#f6f8fa;padding:1px 5px;border-radius:4px}
        [hidden]{display:none}
        @media (prefers-color-scheme:dark){
        body{background:#0d1117;color:#e6edf3}p,output,summary span,.card .dim{color:#9198a1}details{border-color:#3d444d}
        .card{background:#0f2425;border-color:#39a0a6}.card .port{color:#ab7df8}.card.added{background:#12261e;border-color:#3fb950}
        .card.removed{background:#25171c;border-color:#f85149}.card.path{border-color:#f0883e}
        th,td{border-color:#3d444d}th{color:#9198a1}tr.dropped td,.cause{color:#f85149}tr.warned td,tr.unknown td{color:#d29922}.cause code{color:#e6edf3;background:#151b23}
        .plan .added,div.added{color:#3fb950}.plan .removed,div.removed{color:#f85149}
        }
        @media print{input,output{display:none}}
        """;

    // No mark-up's characters in it, so that the page is XML too.
    internal const string Script = """
        (function(){
        var find=document.getElementById('find'),told=document.getElementById('found');
        var cards=Array.from(document.querySelectorAll('.card')),groups=Array.from(document.querySelectorAll('details'));
        var open=groups.map(function(g){return g.open});
        find.addEventListener('input',function(){
        var words=find.value.toLowerCase().split(' ').filter(Boolean),n=0;
        cards.forEach(function(c){
        var text=c.textContent.toLowerCase()+' '+c.parentNode.parentNode.firstElementChild.textContent.toLowerCase();
        c.hidden=!words.every(function(w){return text.includes(w)});
        if(!c.hidden){n=n+1}
        });
        groups.forEach(function(g,i){
        var any=g.querySelector('.card:not([hidden])');
        g.hidden=!any;g.open=words.length===0?open[i]:!!any;
        });
        told.textContent=words.length===0?'':n+(n===1?' container':' containers');
        });
        })();
        """;
}
