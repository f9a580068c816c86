using System.Text.Json;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Tests.Cluster;

/// <summary>A real silo tells a real HTTP server what happens in its channels.</summary>
public sealed class WebhookTests
{
    private TemporaryFolder _folder = null!;
    private WebhookReceiver _receiver = null!;
    private SiloInProcess _silo = null!;
    private RecordingGateway _gateway = null!;

    [SetUp]
    public async Task StartSilo()
    {
        _folder = new TemporaryFolder();
        _receiver = await WebhookReceiver.StartAsync();
        _silo = await StartAsync();
        _gateway = new RecordingGateway("g1");
    }

    [TearDown]
    public async Task StopSilo()
    {
        await _silo.DisposeAsync();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Everything_comes_signed_and_in_order()
    {
        await _silo.Channel("lobby").Create(new ChannelSettings { Name = "Lobby" });
        var ada = await _silo.Join("lobby", "ada", _gateway);
        await _silo.Join("lobby", "bob", _gateway);
        await _silo.Channel("lobby").Kick(ada.Number);

        Assert.That(Tell(await _receiver.NextAsync()), Is.EqualTo("settings Lobby"));
        Assert.That(Tell(await _receiver.NextAsync()), Is.EqualTo("joined ada"));
        Assert.That(Tell(await _receiver.NextAsync()), Is.EqualTo("joined bob"));
        var last = await _receiver.NextAsync();
        Assert.That(Tell(last), Is.EqualTo("left ada kicked"));
        Assert.That(last.GetProperty("id").GetString(), Is.EqualTo($"lobby/{last.GetProperty("number").GetInt64()}"));
        Assert.That(_receiver.Forged, Is.Zero);
    }

    [Test]
    public async Task A_receiver_that_is_away_misses_nothing()
    {
        _receiver.Away = true;
        var ada = await _silo.Join("lobby", "ada", _gateway);
        await _receiver.RefusesAsync();
        for (var round = 0; round < 60; round++)
        {
            await _silo.Channel("lobby").Leave(ada.Session, LeaveReason.Left);
            ada = await _silo.Join("lobby", "ada", _gateway);
        }
        _receiver.Away = false;

        var numbers = new List<long>();
        for (var count = 0; count < 121; count++)
            numbers.Add((await _receiver.NextAsync()).GetProperty("number").GetInt64());
        Assert.That(numbers, Is.Ordered.And.Unique);
        Assert.That(_receiver.Forged, Is.Zero);
    }

    [Test]
    public async Task What_waits_outlives_its_silo()
    {
        _receiver.Away = true;
        var ada = await _silo.Join("lobby", "ada", _gateway);
        await _silo.Channel("lobby").Leave(ada.Session, LeaveReason.Left);
        await _receiver.RefusesAsync();
        await _silo.DisposeAsync();
        _receiver.Away = false;
        // Nobody calls the channel: the silo looks after what is left by itself.
        _silo = await StartAsync();

        Assert.That(Tell(await _receiver.NextAsync()), Is.EqualTo("joined ada"));
        Assert.That(Tell(await _receiver.NextAsync()), Is.EqualTo("left ada left"));
    }

    private Task<SiloInProcess> StartAsync() => SiloInProcess.Start(
        _folder.Database,
        ("Hype:Webhooks:Url", _receiver.Url),
        ("Hype:Webhooks:Secrets:0", WebhookReceiver.Secret),
        ("Hype:Webhooks:RetryDelay", "00:00:00.02"),
        ("Hype:Webhooks:MaxRetryDelay", "00:00:00.1"),
        ("Hype:Webhooks:Events:0", "joined"),
        ("Hype:Webhooks:Events:1", "left"),
        ("Hype:Webhooks:Events:2", "settings"));

    private static string Tell(JsonElement happened) => happened.GetProperty("event").GetString() switch
    {
        "settings" => $"settings {happened.GetProperty("settings").GetProperty("name")}",
        "left" => $"left {happened.GetProperty("participant").GetProperty("identity")} {happened.GetProperty("reason")}",
        var other => $"{other} {happened.GetProperty("participant").GetProperty("identity")}",
    };
}
