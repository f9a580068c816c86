namespace Hype.LoadTest.Statistics;

/// <summary>
/// Estimates the mean opinion score from delay and loss: the E-model of ITU-T G.107, simplified as usual for a path without
/// echo and noise, R = 93.2 − Id − Ie,eff. It ranks paths and does not replace a listening test.
/// <list type="bullet">
/// <item>Id = 0.024 d + 0.11 (d − 177.3) H(d − 177.3), the approximation of Cole and Rosenbluth (2001).</item>
/// <item>Ie,eff = Ie + (95 − Ie) Ppl / (Ppl + Bpl), G.107 eq. 7-29 with random loss (BurstR = 1).</item>
/// <item>Ie = 0 and Bpl = 20 for Opus with in-band FEC. G.113 has no values for Opus; this Bpl is rtcscore's
/// (github.com/ggarber/rtcscore), and close to the 25.1 that G.113 gives G.711 with concealment.</item>
/// </list>
/// </summary>
internal static class EModel
{
    /// <summary>The delay outside the network in ms: 20 of packetisation, and 60 of the SDK's jitter buffer.</summary>
    public const double EndpointDelay = 80;

    /// <summary>The MOS of a listener without audio.</summary>
    public const double Worst = 1;

    private const double BestR = 93.2;
    private const double EquipmentImpairment = 0;
    private const double LossRobustness = 20;
    private const double DelayKnee = 177.3;

    /// <param name="networkDelay">The delay from mouth to socket, in ms.</param>
    /// <param name="lossPercent">Lost or late packets. At 100 there is nothing left to rate, and the delay does not matter.</param>
    public static double Mos(double networkDelay, double lossPercent) =>
        lossPercent >= 100 ? Worst : MosOf(Rating(networkDelay + EndpointDelay, lossPercent));

    /// <summary>Computes the rating factor R, 0–93.2.</summary>
    /// <param name="delay">The delay from mouth to ear, in ms.</param>
    public static double Rating(double delay, double lossPercent)
    {
        var delayImpairment = (0.024 * delay) + (delay > DelayKnee ? 0.11 * (delay - DelayKnee) : 0);
        var lossImpairment = EquipmentImpairment + ((95 - EquipmentImpairment) * lossPercent / (lossPercent + LossRobustness));
        return Math.Max(0, BestR - delayImpairment - lossImpairment);
    }

    /// <summary>Converts R to MOS, 1 to 4.5 (G.107 Annex B).</summary>
    public static double MosOf(double rating) => rating switch
    {
        <= 0 => Worst,
        >= 100 => 4.5,
        _ => Math.Max(Worst, 1 + (0.035 * rating) + (rating * (rating - 60) * (100 - rating) * 7e-6)),
    };
}
