using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Channels;

/// <summary>Where a member's transport to the room of one layout has got to. A lost one is replaced, a few times.</summary>
internal sealed class SfuEndpoint
{
    /// <summary>Counts the transports made for this member in this layout; an answer from the node that names an older one is late.</summary>
    public int Generation { get; private set; }

    /// <summary>Transports in a row that failed.</summary>
    public int Failures { get; private set; }

    /// <summary>The node's side, once the node has it; null while it is being added.</summary>
    public SfuOffer? Offer { get; private set; }

    /// <summary>The client's side has come.</summary>
    public bool Answered { get; private set; }

    /// <summary>The node has seen media that counts.</summary>
    public bool Connected { get; private set; }

    /// <summary>It failed while its client was away; a new one is made when the client is back.</summary>
    public bool Broken { get; private set; }

    public void Offered(SfuOffer offer) => Offer = offer;

    public void Answer() => Answered = true;

    public void Connect()
    {
        Connected = Answered = true;
        Broken = false;
        Failures = 0;
    }

    public void Break() => (Broken, Connected) = (true, false);

    public void Renew()
    {
        Generation++;
        Failures++;
        Offer = null;
        Answered = Connected = Broken = false;
    }

    /// <summary>After a restart of the grain: the transport may be alive, and its client has no need of an offer.</summary>
    public static SfuEndpoint Restored() => new() { Answered = true, Connected = true };
}
