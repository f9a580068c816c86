using System.Diagnostics.Metrics;
using System.Text.Json;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Diagnostics;
using Hype.Grains.Tests.Testing;
using Hype.Testing.Webhooks;

namespace Hype.Grains.Tests.Webhooks;

/// <summary>A real silo tells real HTTP servers what happens in its channels.</summary>
public sealed class WebhookTests
{
    private TemporaryFolder _folder = null!;
    private WebhookServer _receiver = null!;
    private SiloInProcess _silo = null!;
    private RecordingGateway _gateway = null!;

    [SetUp]
    public async Task StartSilo()
    {
        _folder = new TemporaryFolder();
        _receiver = await WebhookServer.StartAsync();
        _silo = await StartAsync(_folder.Database, Single(_receiver));
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

        Assert.That(Tell(await _receiver.NextAsync()), Is.EqualTo("1 settings Lobby"));
        Assert.That(Tell(await _receiver.NextAsync()), Is.EqualTo("2 joined ada"));
        Assert.That(Tell(await _receiver.NextAsync()), Is.EqualTo("3 joined bob"));
        var last = await _receiver.NextAsync();
        Assert.That(Tell(last), Is.EqualTo("4 left ada kicked"));
        Assert.That(last.GetProperty("id").GetString(), Is.EqualTo($"lobby/{last.GetProperty("number").GetInt64()}"));
        Assert.That(_receiver.Forged, Is.Zero);
    }

    [Test]
    public async Task A_receiver_that_is_away_misses_nothing()
    {
        _receiver.Answer = WebhookAnswer.Unavailable;
        var ada = await _silo.Join("lobby", "ada", _gateway);
        await _receiver.RefusesAsync();
        for (var round = 0; round < 60; round++)
        {
            await _silo.Channel("lobby").Leave(ada.Session, LeaveReason.Left);
            ada = await _silo.Join("lobby", "ada", _gateway);
        }
        _receiver.Answer = WebhookAnswer.Taken;

        for (var count = 1; count <= 121; count++)
            Assert.That((await _receiver.NextAsync()).GetProperty("sequence").GetInt64(), Is.EqualTo(count));
        Assert.That(_receiver.Forged, Is.Zero);
    }

    [Test]
    public async Task What_waits_outlives_its_silo()
    {
        _receiver.Answer = WebhookAnswer.Unavailable;
        var ada = await _silo.Join("lobby", "ada", _gateway);
        await _silo.Channel("lobby").Leave(ada.Session, LeaveReason.Left);
        await _receiver.RefusesAsync();
        await _silo.DisposeAsync();
        _receiver.Answer = WebhookAnswer.Taken;
        // Nobody calls the channel: the silo looks after what is left by itself.
        _silo = await StartAsync(_folder.Database, Single(_receiver));

        Assert.That(Tell(await _receiver.NextAsync()), Is.EqualTo("1 joined ada"));
        Assert.That(Tell(await _receiver.NextAsync()), Is.EqualTo("2 left ada left"));
    }

    [Test]
    public async Task Who_is_taken_out_of_the_options_and_comes_back_keeps_its_count()
    {
        await _silo.Join("lobby", "ada", _gateway);
        Assert.That(Tell(await _receiver.NextAsync()), Is.EqualTo("1 joined ada"));
        await _silo.DisposeAsync();
        await using (var without = await StartAsync(_folder.Database, []))
            await without.Join("lobby", "bob", _gateway);
        _silo = await StartAsync(_folder.Database, Single(_receiver));

        await _silo.Join("lobby", "cleo", _gateway);
        Assert.That(Tell(await NewAsync(_receiver)), Is.EqualTo("2 joined cleo"));
    }

    [Test]
    public async Task What_a_killed_silo_decided_and_did_not_hand_over_is_told_although_nobody_comes_again()
    {
        var ada = await _silo.Join("lobby", "ada", _gateway);
        await _receiver.NextAsync();
        var outbox = _silo.Grains.GetGrain<IWebhookOutboxGrain>(IChannelIndexGrain.ShardOf(ChannelId.Parse("lobby")), "default");
        var held = _silo.Calls.Hold(nameof(IWebhookOutboxGrain.Store), outbox.GetGrainId().Key.ToString()!);
        await _silo.Channel("lobby").Leave(ada.Session, LeaveReason.Left);
        await held.Came;

        await using var afterwards = await WebhookServer.StartAsync();
        await using (await StartAsync(await _folder.CopyDatabaseAsync(), Single(afterwards)))
            Assert.That(Tell(await NewAsync(afterwards)), Is.EqualTo("2 left ada left"));
        held.LetIn();
    }

    [Test]
    public async Task Settings_that_were_acknowledged_are_told_also_where_the_silo_died_before_it_could()
    {
        await _silo.DisposeAsync();
        _silo = await StartAsync(_folder.Database, [.. Single(_receiver), ("Hype:Channels:CheckpointInterval", "00:00:10")]);
        await _silo.Channel("lobby").Create(new ChannelSettings { Name = "Lobby" });

        await using var afterwards = await WebhookServer.StartAsync();
        await using (var next = await StartAsync(await _folder.CopyDatabaseAsync(), Single(afterwards)))
        {
            await next.Channel("lobby").GetBans();
            Assert.That(Tell(await afterwards.NextAsync()), Is.EqualTo("1 settings Lobby"));
        }
    }

    [Test]
    public async Task Who_was_there_when_everything_died_and_does_not_come_back_has_left()
    {
        await _silo.Join("lobby", "ada", _gateway);
        await _receiver.NextAsync();

        await using var afterwards = await WebhookServer.StartAsync();
        await using (await StartAsync(await _folder.CopyDatabaseAsync(), [.. Single(afterwards), ("Hype:Channels:ResumeWindow", "00:00:00.1")]))
            Assert.That(Tell(await NewAsync(afterwards)), Is.EqualTo("2 left ada timedOut"));
    }

    [Test]
    public async Task What_an_older_version_left_under_a_key_without_a_receiver_is_sent()
    {
        var type = _silo.Grains.GetGrain<IWebhookOutboxGrain>(3, "default").GetGrainId().Type;
        var before = _silo.Grains.GetGrain<IWebhookOutboxGrain>(GrainId.Create(type, GrainIdKeyExtensions.CreateIntegerKey(3)));
        _receiver.Answer = WebhookAnswer.Unavailable;
        await before.Append([new WebhookEvent("lobby/17", "{\"sequence\":0,\"event\":\"left\",\"participant\":{\"identity\":\"ada\"},\"reason\":\"left\"}")]);
        await _receiver.RefusesAsync();
        await _silo.DisposeAsync();
        _receiver.Answer = WebhookAnswer.Taken;
        _silo = await StartAsync(_folder.Database, Single(_receiver));

        Assert.That(Tell(await _receiver.NextAsync()), Is.EqualTo("0 left ada left"));
    }

    [Test]
    public async Task Each_receiver_has_its_own_events_and_waits_for_no_other()
    {
        await _silo.DisposeAsync();
        await using var dead = await WebhookServer.StartAsync();
        dead.Answer = WebhookAnswer.Unavailable;
        _silo = await StartAsync(
            _folder.Database,
            [
                .. Single(_receiver),
                ("Hype:Webhooks:Receivers:leavers:Url", dead.Url),
                ("Hype:Webhooks:Receivers:leavers:Secrets:0", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
                // The one that the receiver has, and the one that will replace the first.
                ("Hype:Webhooks:Receivers:leavers:Secrets:1", WebhookServer.Secret),
                ("Hype:Webhooks:Receivers:leavers:Events:0", "left"),
            ]);
        foreach (var name in new[] { "ada", "bob" })
            await _silo.Channel("lobby").Leave((await _silo.Join("lobby", name, _gateway)).Session, LeaveReason.Left);
        await dead.RefusesAsync();

        foreach (var expected in new[] { "1 joined ada", "2 left ada left", "3 joined bob", "4 left bob left" })
            Assert.That(Tell(await _receiver.NextAsync()), Is.EqualTo(expected));
        dead.Answer = WebhookAnswer.Taken;
        foreach (var expected in new[] { "1 left ada left", "2 left bob left" })
            Assert.That(Tell(await dead.NextAsync()), Is.EqualTo(expected));
        Assert.That((_receiver.Forged, dead.Forged), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_silo_that_stops_does_not_count_its_request_as_refused()
    {
        const string name = "slow";
        await _silo.DisposeAsync();
        _receiver.Answer = WebhookAnswer.None;
        _silo = await StartAsync(_folder.Database, [("Hype:Webhooks:Receivers:slow:Url", _receiver.Url), ("Hype:Webhooks:Receivers:slow:Secrets:0", WebhookServer.Secret)]);
        using var listener = new MeterListener();
        var counted = 0L;
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Meter.Name == GrainMetrics.MeterName && instrument.Name == "hype.webhook.requests")
                all.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            // Other tests run at the same time.
            if (tags.ToArray().Contains(new KeyValuePair<string, object?>("receiver", name)))
                Interlocked.Add(ref counted, count);
        });
        listener.Start();

        await _silo.Join("lobby", "ada", _gateway);
        await _receiver.RefusesAsync();
        await _silo.DisposeAsync();

        Assert.That(counted, Is.Zero);
    }

    private static Task<SiloInProcess> StartAsync(string database, (string Key, string Value)[] receivers) => SiloInProcess.Start(
        database,
        [
            .. receivers,
            ("Hype:Webhooks:RetryDelay", "00:00:00.02"),
            ("Hype:Webhooks:MaxRetryDelay", "00:00:00.1"),
            ("Hype:Webhooks:Events:0", "joined"),
            ("Hype:Webhooks:Events:1", "left"),
            ("Hype:Webhooks:Events:2", "settings"),
        ]);

    private static (string Key, string Value)[] Single(WebhookServer receiver) => [("Hype:Webhooks:Url", receiver.Url), ("Hype:Webhooks:Secrets:0", WebhookServer.Secret)];

    /// <summary>The first event may come again: that it was taken is stored after it was.</summary>
    private static async Task<JsonElement> NewAsync(WebhookServer receiver)
    {
        var happened = await receiver.NextAsync();
        while (happened.GetProperty("sequence").GetInt64() == 1)
            happened = await receiver.NextAsync();
        return happened;
    }

    private static string Tell(JsonElement happened) => $"{happened.GetProperty("sequence")} " + happened.GetProperty("event").GetString() switch
    {
        "settings" => $"settings {happened.GetProperty("settings").GetProperty("name")}",
        "left" => $"left {happened.GetProperty("participant").GetProperty("identity")} {happened.GetProperty("reason")}",
        var other => $"{other} {happened.GetProperty("participant").GetProperty("identity")}",
    };
}
