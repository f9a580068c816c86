using Hype.LoadTest.Options;

namespace Hype.LoadTest.Tests.Options;

internal sealed class LoadCommandTests
{
    private readonly LoadCommand _command = new();

    [Test]
    public void Every_invalid_option_is_reported_with_its_accepted_values()
    {
        var errors = Errors("--channels", "0", "--speakers", "99", "--duration", "soon", "--mode", "mesh", "--payload", "3", "--url",
            "localhost", "--ramp", "--bogus");

        Assert.That(errors, Has
            .One.StartsWith("--channels takes 1 to")
            .And.One.StartsWith("--speakers takes 0 to the number of --participants")
            .And.One.Contains("'soon' is not a duration: write 250ms")
            .And.One.EqualTo("'mesh' is not a value for --mode: take one of auto, p2p, sfu.")
            .And.One.StartsWith("--payload takes 16 to 1200 bytes")
            .And.One.StartsWith("--url takes an address such as")
            .And.One.StartsWith("--ramp requires --control-only")
            .And.One.Contains("--bogus"));
        Assert.That(errors, Has.Length.EqualTo(8));
    }

    [Test]
    public async Task Invalid_arguments_start_no_run_and_exit_with_code_2()
    {
        var said = new StringWriter();

        var code = await _command.InvokeAsync(
            ["--channels", "many"], (_, _) => throw new InvalidOperationException("It must not run."), said);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(said.ToString(), Does.Contain("many").And.Contain("--help"));
    }

    [Test]
    public void Default_options_are_valid() => Assert.That(Errors(), Is.Empty);

    [Test]
    public void Arguments_are_parsed_into_options()
    {
        var options = _command.Read(_command.Parse(
            "--url", "http://voice.example:9000", "--talk", "turns", "--mode", "P2P", "--duration", "5m", "--jitter", "20ms",
            "--packet-loss", "1.5", "--processes", "12,34", "--picture", "none", "--max-p99", "40"));

        Assert.Multiple(() =>
        {
            Assert.That(options.Url, Is.EqualTo(new Uri("http://voice.example:9000")));
            Assert.That((options.Talk, options.Mode), Is.EqualTo((TalkPattern.Turns, ChannelPolicy.P2P)));
            Assert.That((options.Duration, options.Jitter), Is.EqualTo((TimeSpan.FromMinutes(5), TimeSpan.FromMilliseconds(20))));
            Assert.That(options.PacketLoss, Is.EqualTo(0.015));
            Assert.That(options.Processes, Is.EqualTo(new[] { 12, 34 }));
            Assert.That((options.Picture, options.MaxLoss, options.MaxP99), Is.EqualTo(((FileInfo?)null, (double?)null, (double?)40)));
        });
    }

    [Test]
    public void Gateway_address_given_in_two_options_is_listed_once()
    {
        var options = _command.Read(
            _command.Parse("--url", "http://a:1", "--gateway", "http://b:2", "--gateway", "http://a:1", "--follow", "icerestart"));

        Assert.That(options.Gateways, Is.EqualTo(new[] { new Uri("http://a:1"), new Uri("http://b:2") }));
        Assert.That(options.Follow, Is.EqualTo(Hype.MediaClient.MoveWay.IceRestart));
        Assert.That(Errors("--gateway", "b:2", "--follow", "bus"), Has
            .One.StartsWith("--gateway takes addresses such as")
            .And.One.StartsWith("'bus' is not a value for --follow: take one of candidate, icerestart, newconnection."));
    }

    [TestCase("--hostile-rate", "200001")]
    [TestCase("--hostile-rate", "-1")]
    [TestCase("--hostile-rate", "1", "--mode", "auto")]
    [TestCase("--hostile-rate", "1", "--churn", "6")]
    [TestCase("--hostile-rate", "1", "--control-only")]
    [TestCase("--hostile-rate", "1", "--target", "janus")]
    public void Hostile_member_without_a_valid_rate_and_a_plain_run_is_refused(params string[] args) =>
        Assert.That(Errors(args), Has.Some.StartsWith("--hostile-rate "));

    [Test]
    public void Empty_file_name_for_the_picture_is_refused() =>
        Assert.That(Errors("--picture", ""), Is.EqualTo(new[] { "--picture takes a file's path, or the word none." }));

    [TestCase("250ms", 250)]
    [TestCase("1.5s", 1_500)]
    [TestCase("10", 10_000)]
    [TestCase("2m", 120_000)]
    [TestCase("1h", 3_600_000)]
    public void Duration_is_parsed_with_and_without_a_unit(string text, double milliseconds)
    {
        Assert.That(DurationText.TryParse(text, out var duration), Is.True);
        Assert.That(duration.TotalMilliseconds, Is.EqualTo(milliseconds).Within(1e-6));
    }

    [TestCase("")]
    [TestCase("s")]
    [TestCase("-5s")]
    [TestCase("5 minutes")]
    [TestCase("8000h")]
    public void Invalid_duration_is_refused(string text) => Assert.That(DurationText.TryParse(text, out _), Is.False);

    private string[] Errors(params string[] args) => [.. _command.Errors(_command.Parse(args))];
}
