using System.Text.Json;
using Hype.Cli.Commands;
using Hype.Cli.Tests.Testing;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Cli.Tests.Commands;

/// <summary>Tests <c>hype channel … --watch</c>, which prints a channel's events to a pipe until it is cancelled.</summary>
public sealed class WatchTests
{
    private static readonly Participant Bob =
        new() { Session = SessionId.New(), Number = new MemberNumber(2), Identity = "bob", Name = "Bob", Grants = Grants.Join };

    private GatewayHost _gateway = null!;
    private long _number;

    [SetUp]
    public async Task SetUp() => (_gateway, _number) = (await GatewayHost.StartAsync("Production"), 0);

    [TearDown]
    public async Task TearDown()
    {
        // Ends the stream of events: the gateway would wait for more, as its simulated clock does not advance.
        _gateway.Cluster.Channel("lobby").News.Writer.Complete();
        await _gateway.DisposeAsync();
    }

    [Test]
    public async Task Watch_prints_the_channel_and_then_one_line_per_event()
    {
        using var ada = await _gateway.JoinAsync("ada");
        await using var watch = new Watch(_gateway, "channel", "lobby", "--watch");

        await watch.SaysAsync(@"1\s+Name of ada\s+ada");
        Report(new MemberJoined(Bob));
        await watch.SaysAsync(@"^12:00:01  joined    2 Bob \(bob\)$");
        Report(new MemberChanged(Bob with { ServerMuted = true }));
        await watch.SaysAsync(@"^12:00:02  changed   2 Bob \(bob\): muted by a moderator, quality unknown$");
        var layout = new Layout(new(2), ChannelMode.Sfu, ModeReason.AboveThreshold, _gateway.Time.GetUtcNow());
        Report(new ModeChanged(layout, Committed: true));
        await watch.SaysAsync("^12:00:03  mode      SFU, epoch 2: too many for a mesh, active$");
        Report(new MemberLeft(new MemberNumber(2), "bob", LeaveReason.Kicked));
        await watch.SaysAsync(@"^12:00:04  left      2 \(bob\): kicked$");

        Assert.That(await watch.StopAsync(), Is.EqualTo(ExitCode.Done));
    }

    [Test]
    public async Task Watch_with_the_json_option_prints_one_JSON_object_per_event_with_the_event_data()
    {
        using var ada = await _gateway.JoinAsync("ada");
        await using var watch = new Watch(_gateway, "channel", "lobby", "--watch", "--json");

        var first = JsonDocument.Parse(await watch.SaysAsync(@"""event"":""snapshot""")).RootElement;
        Assert.That(first.GetProperty("data").GetProperty("snapshot").GetProperty("participants")[0].GetProperty("identity")
            .GetString(), Is.EqualTo("ada"));
        Report(new MemberJoined(Bob));
        var second = JsonDocument.Parse(await watch.SaysAsync(@"""event"":""joined""")).RootElement;
        Assert.That(second.GetProperty("id").GetString(), Is.EqualTo("1"));
        Assert.That(second.GetProperty("data").GetProperty("participant").GetProperty("name").GetString(), Is.EqualTo("Bob"));

        Assert.That(await watch.StopAsync(), Is.EqualTo(ExitCode.Done));
    }

    [Test]
    public async Task Watch_of_an_unknown_channel_is_refused()
    {
        var said = await Typist.At(_gateway).TypeAsync("channel", "nobody", "--watch");
        Assert.That((said.Code, said.Errors),
            Is.EqualTo((ExitCode.Refused, $"hype: unknownChannel: No channel of this name has participants.{Environment.NewLine}")));
    }

    /// <summary>Advances the gateway's clock by one second, and reports an event of the channel.</summary>
    private void Report(ChannelHappening what)
    {
        _gateway.Time.Advance(TimeSpan.FromSeconds(1));
        _gateway.Cluster.Channel("lobby").News.Writer.TryWrite(new ChannelNews(++_number, _gateway.Time.GetUtcNow(), what));
    }
}
