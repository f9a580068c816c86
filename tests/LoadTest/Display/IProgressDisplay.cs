namespace Hype.LoadTest.Display;

/// <summary>Shows how a run goes while it goes.</summary>
internal interface IProgressDisplay : IDisposable
{
    /// <summary>Once a second.</summary>
    void Show(Glance now, Glance before);
}
