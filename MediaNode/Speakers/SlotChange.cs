namespace Hype.MediaNode.Speakers;

/// <summary>A slot passed on.</summary>
/// <param name="Entered">Who holds it now; null: nobody.</param>
/// <param name="Left">Who held it before; null: nobody.</param>
internal readonly record struct SlotChange(int Slot, int? Entered, int? Left);
