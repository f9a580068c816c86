using System.Diagnostics.Metrics;
using System.Text.Json;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Diagnostics;
using Hype.Grains.Tests.Testing;
using Hype.Testing.Webhooks;

namespace Hype.Grains.Tests.Webhooks;

/// <summary>Tests that a real silo sends the events of its channels to HTTP servers.</summary>
public sealed class WebhookTests
{
    private static readonly (string Key, string Value)[] FastRetries =
    [
        ("Hype:Webhooks:RetryDelay", "00:00:00.02"),
        ("Hype:Webhooks:MaxRetryDelay", "00:00:00.1"),
        ("Hype:Webhooks:GiveUpAfter", "00:00:01"),
    ];

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
    public async Task Receiver_gets_signed_events_in_order()
    {
        await _silo.Channel("lobby").Create(new ChannelSettings { Name = "Lobby" });
        var ada = await _silo.Join("lobby", "ada", _gateway);
        await _silo.Join("lobby", "bob", _gateway);
        await _silo.Channel("lobby").Kick(ada.Number);

        Assert.That(Text(await _receiver.NextAsync()), Is.EqualTo("1 settings Lobby"));
        Assert.That(Text(await _receiver.NextAsync()), Is.EqualTo("2 joined ada"));
        Assert.That(Text(await _receiver.NextAsync()), Is.EqualTo("3 joined bob"));
        var last = await _receiver.NextAsync();
        Assert.That(Text(last), Is.EqualTo("4 left ada kicked"));
        Assert.That(last.GetProperty("id").GetString(), Is.EqualTo($"lobby/{last.GetProperty("number").GetInt64()}"));
        Assert.That(_receiver.Forged, Is.Zero);
    }

    [Test]
    public async Task Unavailable_receiver_gets_all_events_after_becoming_available()
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
    public async Task Outbox_sends_its_events_only_when_its_silo_may_act()
    {
        var outbox = _silo.Grains.GetGrain<IWebhookOutboxGrain>(0, "default");
        _silo.Gate.Close();
        await outbox.Store(ChannelId.Parse("lobby"), [new WebhookEvent("lobby/1", "{ \"id\": \"lobby/1\" }", 1)], final: true);
        await _silo.Gate.Waiting;
        var received = _receiver.NextAsync();
        Assert.That(received.IsCompleted, Is.False);

        _silo.Gate.Open();
        Assert.That((await received).GetProperty("id").GetString(), Is.EqualTo("lobby/1"));
    }

    [Test]
    public async Task Unacknowledged_events_survive_a_restart_of_the_silo()
    {
        _receiver.Answer = WebhookAnswer.Unavailable;
        var ada = await _silo.Join("lobby", "ada", _gateway);
        await _silo.Channel("lobby").Leave(ada.Session, LeaveReason.Left);
        await _receiver.RefusesAsync();
        await _silo.DisposeAsync();
        _receiver.Answer = WebhookAnswer.Taken;
        // No client calls the channel: the silo sends the stored events by itself.
        _silo = await StartAsync(_folder.Database, Single(_receiver));

        Assert.That(Text(await _receiver.NextAsync()), Is.EqualTo("1 joined ada"));
        Assert.That(Text(await _receiver.NextAsync()), Is.EqualTo("2 left ada left"));
    }

    [Test]
    public async Task Webhook_receiver_removed_and_added_again_gets_the_next_sequence_number()
    {
        await _silo.Join("lobby", "ada", _gateway);
        Assert.That(Text(await _receiver.NextAsync()), Is.EqualTo("1 joined ada"));
        await _silo.DisposeAsync();
        await using (var without = await StartAsync(_folder.Database, []))
            await without.Join("lobby", "bob", _gateway);
        _silo = await StartAsync(_folder.Database, Single(_receiver));

        await _silo.Join("lobby", "cleo", _gateway);
        Assert.That(Text(await NewAsync(_receiver)), Is.EqualTo("2 joined cleo"));
    }

    [Test]
    public async Task Stored_event_of_a_killed_silo_is_sent_even_if_no_member_returns()
    {
        var ada = await _silo.Join("lobby", "ada", _gateway);
        await _receiver.NextAsync();
        var outbox = _silo.Grains.GetGrain<IWebhookOutboxGrain>(IChannelIndexGrain.ShardOf(ChannelId.Parse("lobby")), "default");
        var held = _silo.Calls.Hold(nameof(IWebhookOutboxGrain.Store), outbox.GetGrainId().Key.ToString()!);
        await _silo.Channel("lobby").Leave(ada.Session, LeaveReason.Left);
        await held.Came;

        await using var afterwards = await WebhookServer.StartAsync();
        await using (await StartAsync(await _folder.CopyDatabaseAsync(), Single(afterwards)))
            Assert.That(Text(await NewAsync(afterwards)), Is.EqualTo("2 left ada left"));
        held.LetIn();
    }

    [Test]
    public async Task Settings_event_is_sent_by_the_next_silo_if_the_first_silo_was_killed_before_sending()
    {
        await _silo.DisposeAsync();
        _silo = await StartAsync(_folder.Database, [.. Single(_receiver), ("Hype:Channels:CheckpointInterval", "00:00:10")]);
        await _silo.Channel("lobby").Create(new ChannelSettings { Name = "Lobby" });

        await using var afterwards = await WebhookServer.StartAsync();
        await using (var next = await StartAsync(await _folder.CopyDatabaseAsync(), Single(afterwards)))
        {
            await next.Channel("lobby").GetBans();
            Assert.That(Text(await afterwards.NextAsync()), Is.EqualTo("1 settings Lobby"));
        }
    }

    [Test]
    public async Task Member_not_returning_after_the_failure_of_all_silos_is_reported_as_left()
    {
        await _silo.Join("lobby", "ada", _gateway);
        await _receiver.NextAsync();

        await using var afterwards = await WebhookServer.StartAsync();
        await using (await StartAsync(
            await _folder.CopyDatabaseAsync(), [.. Single(afterwards), ("Hype:Channels:ResumeWindow", "00:00:00.1")]))
            Assert.That(Text(await NewAsync(afterwards)), Is.EqualTo("2 left ada timedOut"));
    }

    [Test]
    public async Task Failing_receiver_does_not_delay_other_receivers_and_gets_the_events_after_recovery()
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
                // The secret that the receiver has, and the one that will replace the first.
                ("Hype:Webhooks:Receivers:leavers:Secrets:1", WebhookServer.Secret),
                ("Hype:Webhooks:Receivers:leavers:Events:0", "left"),
            ]);
        foreach (var name in new[] { "ada", "bob" })
            await _silo.Channel("lobby").Leave((await _silo.Join("lobby", name, _gateway)).Session, LeaveReason.Left);
        await dead.RefusesAsync();

        foreach (var expected in new[] { "1 joined ada", "2 left ada left", "3 joined bob", "4 left bob left" })
            Assert.That(Text(await _receiver.NextAsync()), Is.EqualTo(expected));
        dead.Answer = WebhookAnswer.Taken;
        foreach (var expected in new[] { "1 left ada left", "2 left bob left" })
            Assert.That(Text(await dead.NextAsync()), Is.EqualTo(expected));
        Assert.That((_receiver.Forged, dead.Forged), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Picky_receiver_gets_smaller_batches_and_a_rejected_event_is_given_up_and_counted()
    {
        _receiver.Answer = WebhookAnswer.Unavailable;
        await _silo.Join("lobby", "ada", _gateway);
        await _receiver.RefusesAsync();
        foreach (var name in new[] { "bob", "cleo", "dora", WebhookServer.Poison, "emil", "finn" })
            await _silo.Join("lobby", name, _gateway);
        _receiver.Answer = WebhookAnswer.Picky;

        string[] expected = ["1 joined ada", "2 joined bob", "3 joined cleo", "4 joined dora", "6 joined emil", "7 joined finn"];
        foreach (var text in expected)
            Assert.That(Text(await _receiver.NextAsync()), Is.EqualTo(text));
        Assert.That(_receiver.Forged, Is.Zero);
    }

    [Test]
    public async Task Rejected_event_is_not_given_up_because_of_an_outage_of_the_receiver()
    {
        await _silo.DisposeAsync();
        var time = new SteppedTime();
        _silo = await SiloInProcess.Start(_folder.Database, storage: null, time, [.. Single(_receiver), .. FastRetries]);
        var outbox = _silo.Grains.GetGrain<IWebhookOutboxGrain>(0, "default");
        _receiver.Answer = WebhookAnswer.Picky;
        await outbox.Store(ChannelId.Parse("lobby"), [Joined(1, WebhookServer.Poison)], final: true);
        await _receiver.RefusesAsync();
        await outbox.Store(ChannelId.Parse("lobby"), [Joined(2, "emil")], final: true);

        _receiver.Answer = WebhookAnswer.Unavailable;
        await _receiver.RefusesAsync();
        // The outbox has read the first answer when it sends the second request.
        await _receiver.RefusesAsync();
        time.Advance(TimeSpan.FromHours(1));
        _receiver.Answer = WebhookAnswer.Picky;
        await _receiver.RefusesAsync();
        _receiver.Answer = WebhookAnswer.Taken;

        Assert.That((await _receiver.NextAsync()).GetProperty("id").GetString(), Is.EqualTo("lobby/1"));
    }

    [Test]
    public async Task Webhook_request_cancelled_by_a_stopping_silo_is_not_counted_as_refused()
    {
        const string name = "slow";
        await _silo.DisposeAsync();
        _receiver.Answer = WebhookAnswer.None;
        _silo = await StartAsync(
            _folder.Database,
            [("Hype:Webhooks:Receivers:slow:Url", _receiver.Url), ("Hype:Webhooks:Receivers:slow:Secrets:0", WebhookServer.Secret)]);
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
            .. FastRetries,
            ("Hype:Webhooks:Events:0", "joined"),
            ("Hype:Webhooks:Events:1", "left"),
            ("Hype:Webhooks:Events:2", "settings"),
        ]);

    private static (string Key, string Value)[] Single(WebhookServer receiver) =>
        [("Hype:Webhooks:Url", receiver.Url), ("Hype:Webhooks:Secrets:0", WebhookServer.Secret)];

    private static WebhookEvent Joined(int number, string identity) =>
        new($"lobby/{number}", $$"""{ "id": "lobby/{{number}}", "participant": { "identity": "{{identity}}" } }""", number);

    /// <summary>
    /// Returns the next event that is not event 1. Event 1 may arrive again, because the outbox stores its acknowledgement only after the
    /// receiver has accepted it.
    /// </summary>
    private static async Task<JsonElement> NewAsync(WebhookServer receiver)
    {
        var webhookEvent = await receiver.NextAsync();
        while (webhookEvent.GetProperty("sequence").GetInt64() == 1)
            webhookEvent = await receiver.NextAsync();
        return webhookEvent;
    }

    private static string Text(JsonElement webhookEvent)
    {
        var text = webhookEvent.GetProperty("event").GetString() switch
        {
            "settings" => $"settings {webhookEvent.GetProperty("settings").GetProperty("name")}",
            "left" => $"left {webhookEvent.GetProperty("participant").GetProperty("identity")} {webhookEvent.GetProperty("reason")}",
            var other => $"{other} {webhookEvent.GetProperty("participant").GetProperty("identity")}",
        };
        return $"{webhookEvent.GetProperty("sequence")} {text}";
    }
}
