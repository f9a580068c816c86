using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Hostile;

/// <summary>
/// A member that exchanges numbered signals with one peer, and checks that these signals and the roster's changes arrive complete and in
/// order.
/// </summary>
internal sealed class HonestMember(VoiceClient client) : IDisposable
{
    private long _roster = client.Welcome.GetProperty("seq").GetInt64();

    public MemberNumber Number => client.Number;

    /// <summary>The number of the roster's changes that the member has received.</summary>
    public int Changes { get; private set; }

    public Task SendAsync(HonestMember peer, int number) => client.SendAsync(
        $$$"""{"type":"signal","to":{{{peer.Number}}},"epoch":{{{Epoch}}},"candidate":{"candidate":"{{{number}}}"}}""");

    /// <summary>Waits for the peer's next signal, and fails if it is not the expected one.</summary>
    public async Task ReceiveAsync(HonestMember peer, int number)
    {
        while (await client.ReceiveAsync() is { } message)
        {
            switch (message.GetProperty("type").GetString())
            {
                case "rosterDiff":
                    Assert.That(message.GetProperty("seq").GetInt64(), Is.EqualTo(_roster + 1), "a change of the roster is missing");
                    _roster++;
                    Changes++;
                    break;
                case "roster":
                    _roster = message.GetProperty("seq").GetInt64();
                    break;
                case "signal" when message.GetProperty("from").GetUInt32() == peer.Number.Value:
                    var received = message.GetProperty("candidate").GetProperty("candidate").GetString();
                    Assert.That(received, Is.EqualTo($"{number}"), "a signal is missing or out of order");
                    return;
                case "error" or "bye":
                    throw new AssertionException($"An honest member received {message}");
            }
        }

        throw new AssertionException("An honest member lost its socket.");
    }

    public void Dispose() => client.Dispose();

    private int Epoch => client.Welcome.GetProperty("layout").GetProperty("epoch").GetInt32();
}
