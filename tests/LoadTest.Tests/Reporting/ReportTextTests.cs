using Hype.LoadTest.Reporting;

namespace Hype.LoadTest.Tests.Reporting;

internal sealed class ReportTextTests
{
    [Test]
    public void Report_text_lists_failures_with_their_reasons()
    {
        var text = new StringWriter();

        ReportText.Write(Reports.Of([]), text);

        Assert.That(text.ToString().Split('\n'), Has
            .One.Contains("19 ok, 1 failed (channelFull 1)")
            .And.One.Contains("lost sessions       1 (kicked 1)")
            .And.One.Contains("81,000 copies expected, 80,900 received, 100 lost (0.1235 %)")
            .And.One.Contains("11 not selected, 13 on both paths of a switch")
            .And.One.Contains("the longest: 312.4 ms of 2 at 4 in load-1")
            .And.One.StartsWith("moves               17 by candidate, 2 by ICE restart, 1 by new connection")
            .And.One.StartsWith("hostile member      120,000 datagrams, 20,000/s; 2 joins, 0 failed")
            .And.One.StartsWith("resumed (100)       p50 1.50")
            .And.One.Contains("54,000 packets per CPU second, 18.50 µs each")
            .And.One.StartsWith("note                a note")
            .And.One.StartsWith("MISSED              loss 0.1235 %"));
    }

    [Test]
    public void Report_text_of_a_control_only_run_has_no_media_lines()
    {
        var text = new StringWriter();

        ReportText.Write(Reports.Of([]) with { Media = null, Server = null }, text);

        Assert.That(text.ToString(),
            Does.Contain("signaling only").And.Contain("join to admission")
                .And.Not.Contain("mouth to socket").And.Not.Contain("forwarding"));
    }
}
