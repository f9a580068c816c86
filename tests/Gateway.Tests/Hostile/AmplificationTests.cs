using Hype.Gateway.Signaling.Socket;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Tests.Hostile;

/// <summary>Tests that a client cannot make the gateway send, hold or relay much more than the client itself sends.</summary>
public sealed class AmplificationTests : GatewayFixture
{
    private const int Syncs = 400;
    private const int Members = 200;

    private const string Sync = """{"type":"sync"}""";

    [Test]
    public async Task Flood_of_sync_is_answered_with_one_roster_at_once_and_one_after_the_interval()
    {
        Lobby.AddMembers(Members - 1);
        using var mallory = await Gateway.JoinAsync("mallory");
        var welcome = mallory.ReceivedBytes;
        var reading = mallory.ExpectAsync("pong");
        for (var i = 0; i < Syncs; i++)
            await mallory.SendAsync(Sync);
        await mallory.SendAsync("""{"type":"ping","id":1}""");
        await reading;

        var received = mallory.ReceivedBytes - welcome;
        var sent = Syncs * Sync.Length;
        TestContext.Out.WriteLine($"{Syncs} sync in a channel of {Members}: {sent} bytes in, {received} bytes out");
        Assert.That(received, Is.LessThan(2 * welcome));
        Gateway.Time.Advance(TimeSpan.FromSeconds(1));
        var roster = await mallory.ExpectAsync("roster");
        Assert.That(roster.GetProperty("participants").GetArrayLength(), Is.EqualTo(Members));
    }

    [Test]
    public async Task Flood_of_state_costs_one_call_at_once_and_one_with_the_newest_flags_after_the_interval()
    {
        using var mallory = await Gateway.JoinAsync("mallory");
        for (var i = 0; i < 200; i++)
            await mallory.SendAsync($$"""{"type":"state","muted":{{(i % 2 == 0 ? "true" : "false")}},"deafened":false}""");
        await mallory.PingAsync();
        Assert.That(Lobby.Calls.Count(call => call.StartsWith("SetState", StringComparison.Ordinal)), Is.EqualTo(1));

        Gateway.Time.Advance(ClientCommands.StateInterval);
        await Lobby.Called("SetState 1 False False");
    }

    [Test]
    public async Task Flood_of_messages_that_cost_a_call_is_refused_beyond_the_limit()
    {
        using var mallory = await Gateway.JoinAsync("mallory");
        for (var i = 0; i < 200; i++)
            await mallory.SendAsync("""{"type":"failed","epoch":1}""");
        var error = await mallory.ExpectAsync("error");
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("tooManyRequests"));
        Assert.That(error.GetProperty("inReplyTo").GetString(), Is.EqualTo("failed"));
        Assert.That(error.GetProperty("retryAfterMs").GetInt64(), Is.GreaterThan(0));
    }

    [Test]
    public async Task Flood_of_large_signals_is_refused_before_it_fills_the_queue_of_the_receiver()
    {
        using var ada = await Gateway.JoinAsync("ada");
        using var mallory = await Gateway.JoinAsync("mallory");
        var description = $$"""{"sdp":"{{new string('A', 32_000)}}"}""";
        for (var i = 0; i < 60; i++)
            await mallory.SendAsync($$"""{"type":"signal","to":{{ada.Number}},"epoch":1,"description":{{description}}}""");
        var error = await mallory.ExpectAsync("error");
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("tooManyRequests"));
        Assert.That(error.GetProperty("inReplyTo").GetString(), Is.EqualTo("signal"));
    }

    [TestCase("candidate", 4_096)]
    [TestCase("description", 32_768)]
    public async Task Signal_above_its_size_limit_is_refused_and_the_socket_stays_open(string kind, int limit)
    {
        using var ada = await Gateway.JoinAsync("ada");
        using var mallory = await Gateway.JoinAsync("mallory");
        const string Value = """{"x":""}""";
        foreach (var size in new[] { limit + 1, limit })
        {
            var value = Value.Replace("\"\"", $"\"{new string('A', size - Value.Length)}\"", StringComparison.Ordinal);
            await mallory.SendAsync($$"""{"type":"signal","to":{{ada.Number}},"epoch":1,"{{kind}}":{{value}}}""");
        }

        var error = await mallory.ExpectAsync("error");
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("messageTooLarge"));
        Assert.That(error.GetProperty("message").GetString(), Does.Contain($"{limit}"));
        var signal = await Gateway.Cluster.Mailbox(Lobby.Find(ada.Number).Session).NextSignal();
        Assert.That(signal.Payload, Has.Length.EqualTo(limit + $$"""{"{{kind}}":}""".Length), "the largest allowed one");
        await mallory.PingAsync();
    }

    [Test]
    public async Task Signal_of_an_epoch_without_a_mesh_is_refused()
    {
        using var ada = await Gateway.JoinAsync("ada");
        using var mallory = await Gateway.JoinAsync("mallory");
        await Lobby.Publish(new LayoutOpened(ChannelSamples.Sfu), new LayoutCommitted(ChannelSamples.Sfu));
        await mallory.ExpectAsync("commit");
        foreach (var epoch in new[] { 1u, 2u, 3u, (uint)int.MaxValue })
        {
            var candidate = $$"""{"candidate":"{{new string('A', 4_000)}}"}""";
            await mallory.SendAsync($$"""{"type":"signal","to":{{ada.Number}},"epoch":{{epoch}},"candidate":{{candidate}}}""");
            Assert.That(await mallory.ExpectErrorAsync(), Is.EqualTo("staleEpoch"), $"epoch {epoch}");
        }
    }
}
