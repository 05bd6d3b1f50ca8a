namespace CniPS.Pictures.Svg;

/// <summary>The colours and lines of a picture. No custom properties: not every program that shows SVG knows them.</summary>
internal static class SvgStyle
{
    internal const string Text = """

        text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;fill:#1f2328;white-space:pre}
        .name{font-weight:600}.dim,.label{fill:#656d76}.label{font-size:11px;text-anchor:end}
        .page{fill:#ffffff}
        .box rect{fill:#ffffff;stroke:#8c959f;stroke-width:1.2}
        .box:hover>rect{stroke-width:2.4}
        .outside rect{fill:#f6f8fa;stroke:#afb8c1;stroke-dasharray:2 4}
        .host rect{fill:#f6f8fa;stroke:#afb8c1}
        .uplink rect{fill:#fff8e5;stroke:#bf8700}
        .bridge rect{fill:#e6f0ff;stroke:#2f6fd0}
        .link rect{fill:#eef1f4}
        .port rect{fill:#fbefff;stroke:#8250df}
        .container rect{fill:#effaf8;stroke:#1b7c83}
        .more rect{fill:none;stroke:#1b7c83;stroke-dasharray:3 4}
        .network{fill:#2f6fd0;font-weight:600}
        text.forward{fill:#8250df}
        .wire{fill:none;stroke:#8c959f;stroke-width:1.4}
        .wire:hover{stroke-width:3}
        .stub{stroke:#2f6fd0}.pair{stroke:#57606a;stroke-width:1.8}.trunk{stroke:#bf8700}
        .wire.forward{stroke:#8250df;stroke-dasharray:4 3}.masquerade{stroke:#656d76;stroke-dasharray:2 3}
        .mark{fill:#656d76}.mark-forward{fill:#8250df}.mark-added{fill:#1a7f37}.mark-removed{fill:#cf222e}
        .box.added>rect{fill:#dafbe1;stroke:#1a7f37;stroke-width:1.8;stroke-dasharray:6 3}
        .wire.added{stroke:#1a7f37;stroke-width:2;stroke-dasharray:6 3}
        tspan.added,text.added{fill:#1a7f37}
        .box.removed>rect{fill:#ffebe9;stroke:#cf222e;stroke-width:1.8;stroke-dasharray:2 3}
        .wire.removed{stroke:#cf222e;stroke-width:2;stroke-dasharray:2 3}
        tspan.removed,text.removed{fill:#cf222e;text-decoration:line-through}
        .box.path>rect{stroke:#bc4c00;stroke-width:3}.wire.path{stroke:#bc4c00;stroke-width:3.4}
        @media (prefers-color-scheme:dark){
        text{fill:#e6edf3}.dim,.label{fill:#9198a1}.page{fill:#0d1117}
        .box rect{fill:#0d1117;stroke:#656c76}
        .outside rect,.host rect{fill:#151b23;stroke:#3d444d}
        .uplink rect{fill:#2b2111;stroke:#d29922}
        .bridge rect{fill:#121d2f;stroke:#4493f8}
        .link rect{fill:#212830}
        .port rect{fill:#231a33;stroke:#ab7df8}
        .container rect{fill:#0f2425;stroke:#39a0a6}
        text.forward{fill:#ab7df8}
        .wire{stroke:#656c76}.stub{stroke:#4493f8}.pair{stroke:#9198a1}.trunk{stroke:#d29922}.wire.forward{stroke:#ab7df8}.masquerade{stroke:#9198a1}
        .mark{fill:#9198a1}.mark-forward{fill:#ab7df8}.mark-added{fill:#3fb950}.mark-removed{fill:#f85149}
        .box.added>rect{fill:#12261e;stroke:#3fb950}.wire.added{stroke:#3fb950}tspan.added,text.added{fill:#3fb950}
        .box.removed>rect{fill:#25171c;stroke:#f85149}.wire.removed{stroke:#f85149}tspan.removed,text.removed{fill:#f85149}
        .more rect{stroke:#39a0a6}.network{fill:#4493f8}.box.path>rect,.wire.path{stroke:#f0883e}
        }

        """;
}
